/** Removes client secrets, one `removePassword` each, from the service principal or the application. Secrets never come back. */
import { z } from "zod";
import { RetryableError } from "../domain/errors.ts";
import { isInSigningSet, samlSigningIds } from "../domain/saml-signing.ts";
import { Application, type PasswordCredential, ServicePrincipal } from "../domain/snapshot.ts";
import { apiPath } from "../ports/tenant.ts";
import { defineAction, type Snapshot } from "./action.ts";
import {
  CredentialReceipt,
  CredentialTarget,
  carriesCredentials,
  isOfApplication,
  isTarget,
  isWanted,
  Keys,
} from "./credential-target.ts";
import { applicationRead, keyCredentialsRead, servicePrincipalRead } from "./reads.ts";

interface Found {
  readonly objectId: string;
  readonly going: readonly PasswordCredential[];
}

/** Null: there is no such object, so there is nothing to remove. */
function find(target: CredentialTarget, snapshot: Snapshot): Found | null {
  const isPrincipal = target.object === "servicePrincipal";
  const read = isPrincipal ? servicePrincipalRead : applicationRead;
  const Shape = z.union([isPrincipal ? ServicePrincipal : Application, z.null()]);
  const object = Shape.parse(snapshot.body(read(snapshot.identity)));
  if (object === null || !isTarget(target, object.id)) return null;
  const keys = Keys.nullable().parse(snapshot.body(keyCredentialsRead(target.object, snapshot.identity)));
  if (keys === null)
    throw new RetryableError("the object was found and its certificates were not", { code: "replica-lag" });
  const signing = samlSigningIds(keys.keyCredentials);
  const going = object.passwordCredentials.filter(
    (credential) => isWanted(target, credential.keyId) && !isInSigningSet(credential, signing),
  );
  return { objectId: object.id, going };
}

export const removePasswordCredentials = defineAction({
  id: "remove-password-credentials",
  summary: "Removes client secrets from one object, all of them or exactly the given keyIds.",
  parameters: CredentialTarget,
  receipt: CredentialReceipt,
  impact: () => "irreversible",
  appliesTo: carriesCredentials,
  reachesOtherTenants: isOfApplication,
  permissions: () => ["Application.ReadWrite.All"],
  reads: (target, { identity }) => [
    target.object === "servicePrincipal" ? servicePrincipalRead(identity) : applicationRead(identity),
    keyCredentialsRead(target.object, identity),
  ],
  isInPlace: (target, snapshot) => (find(target, snapshot)?.going.length ?? 0) === 0,
  keep(target, snapshot) {
    const found = find(target, snapshot);
    const removed = (found?.going ?? []).map(({ keyId, displayName, startDateTime, endDateTime }) => ({
      keyId,
      displayName,
      startDateTime,
      endDateTime,
    }));
    return { object: target.object, objectId: found?.objectId ?? "", removed };
  },
  touches: (target, snapshot) => (find(target, snapshot)?.going ?? []).map(({ keyId }) => keyId),
  requests(target, snapshot) {
    const found = find(target, snapshot);
    if (found === null) return [];
    const path =
      target.object === "servicePrincipal"
        ? apiPath`/servicePrincipals/${found.objectId}/removePassword`
        : apiPath`/applications/${found.objectId}/removePassword`;
    return found.going.map(({ keyId }) => ({
      method: "POST" as const,
      version: "v1.0" as const,
      path,
      lane: "directory-write" as const,
      body: { keyId },
    }));
  },
});
