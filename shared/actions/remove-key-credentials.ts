/**
 * Removes certificates by PATCH of the re-read list: `removeKey` needs a proof of possession that no responder has. What is
 * kept is resent unchanged, as Graph returned it; changing an entry is refused (KeyNotUpdatable).
 */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import { isInSigningSet, samlSigningIds } from "../domain/saml-signing.ts";
import type { KeyCredential } from "../domain/snapshot.ts";
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
import { keyCredentialsRead } from "./reads.ts";

interface Found {
  readonly objectId: string;
  readonly going: readonly KeyCredential[];
  /** exactly as Graph returned them */
  readonly staying: readonly unknown[];
}

const Raw = z.object({ keyCredentials: z.array(z.unknown()) });

function find(target: CredentialTarget, snapshot: Snapshot): Found | null {
  const body = snapshot.body(keyCredentialsRead(target.object, snapshot.identity));
  const object = Keys.nullable().parse(body);
  if (object === null || !isTarget(target, object.id)) return null;
  const signing = samlSigningIds(object.keyCredentials);
  const goes = (key: KeyCredential) => isWanted(target, key.keyId) && !isInSigningSet(key, signing);
  const going = object.keyCredentials.filter(goes);
  const gone = new Set(object.keyCredentials.flatMap((key, i) => (goes(key) ? [i] : [])));
  return { objectId: object.id, going, staying: Raw.parse(body).keyCredentials.filter((_, i) => !gone.has(i)) };
}

export const removeKeyCredentials = defineAction({
  id: "remove-key-credentials",
  summary: "Removes certificates used by the client from one object, all of them or exactly the given keyIds.",
  parameters: CredentialTarget,
  receipt: CredentialReceipt,
  impact: () => "irreversible",
  appliesTo: carriesCredentials,
  reachesOtherTenants: isOfApplication,
  permissions: () => ["Application.ReadWrite.All"],
  reads: (target, { identity }) => [keyCredentialsRead(target.object, identity)],
  isInPlace: (target, snapshot) => (find(target, snapshot)?.going.length ?? 0) === 0,
  keep(target, snapshot) {
    const found = find(target, snapshot);
    const removed = (found?.going ?? []).map((key) => ({
      keyId: Guid.parse(key.keyId),
      displayName: key.displayName,
      startDateTime: key.startDateTime,
      endDateTime: key.endDateTime,
    }));
    return { object: target.object, objectId: found?.objectId ?? "", removed };
  },
  touches: (target, snapshot) => (find(target, snapshot)?.going ?? []).map(({ keyId }) => keyId),
  requests(target, snapshot) {
    const found = find(target, snapshot);
    if (found === null || found.going.length === 0) return [];
    const path =
      target.object === "servicePrincipal"
        ? apiPath`/servicePrincipals/${found.objectId}`
        : apiPath`/applications/${found.objectId}`;
    const body = { keyCredentials: found.staying };
    return [{ method: "PATCH", version: "v1.0", path, lane: "directory-write", body }];
  },
});
