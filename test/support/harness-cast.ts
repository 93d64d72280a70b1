/** Who plays in the engine's tests: one leaked home application, and the records Entra writes about it. */

import type { Raw } from "../records/build.ts";
import {
  appId,
  applicationId,
  audit,
  keyA,
  keyDescription,
  keys,
  riskEvent,
  risky,
  servicePrincipalId,
  signIn,
  target,
  tenantId,
} from "../records/build.ts";
import type { Carrier, Credential, Directory } from "./harness-directory.ts";

export { appId, applicationId, keyA, servicePrincipalId, tenantId };

export const startAt = Date.parse("2026-03-02T09:45:00.000Z");
export const self = {
  tenantId,
  appId: "a0a0a0a0-0000-4000-8000-000000000001",
  servicePrincipalId: "a0a0a0a0-0000-4000-8000-000000000002",
  roles: null,
} as const;

export const added = "66666666-0000-4000-8000-000000000001";
export const onPrincipal = "66666666-0000-4000-8000-000000000002";
export const certOnApp = "66666666-0000-4000-8000-000000000003";
export const certOnPrincipal = "66666666-0000-4000-8000-000000000004";

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export function guid(n: number): string {
  return `77777777-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

export function secret(keyId: string): Credential {
  return { keyId, displayName: "secret", startDateTime: "2025-01-01T00:00:00Z", endDateTime: "2027-01-01T00:00:00Z" };
}

export function certificate(keyId: string): Credential {
  return { ...secret(keyId), usage: "Verify", type: "AsymmetricX509Cert", key: null, customKeyIdentifier: "AAAA" };
}

interface Ids {
  readonly appId: string;
  readonly servicePrincipalId: string;
  readonly applicationId: string;
}

export const victim: Ids = { appId, servicePrincipalId, applicationId };

/** The nth of many identities like the victim. */
export function another(n: number): Ids {
  return { appId: guid(100 + n), servicePrincipalId: guid(200 + n), applicationId: guid(300 + n) };
}

/** A single-tenant home application: the leaked secret and a certificate on it, one of each on its service principal. */
export function addIdentity(directory: Directory, ids: Ids = victim, change: Partial<Carrier> = {}): void {
  const shared = { appId: ids.appId, displayName: "Billing export", signInAudience: "AzureADMyOrg" };
  directory.servicePrincipals.push({
    ...shared,
    id: ids.servicePrincipalId,
    accountEnabled: true,
    appOwnerOrganizationId: tenantId,
    servicePrincipalType: "Application",
    preferredSingleSignOnMode: null,
    passwordCredentials: [secret(onPrincipal)],
    keyCredentials: [certificate(certOnPrincipal)],
    ...change,
  });
  directory.applications.push({
    ...shared,
    id: ids.applicationId,
    createdDateTime: "2024-01-01T00:00:00Z",
    passwordCredentials: [secret(keyA), secret(added)],
    keyCredentials: [certificate(certOnApp)],
  });
}

interface Risk extends Partial<Ids> {
  readonly id?: string;
  readonly at?: number;
  readonly properties?: Raw;
}

/** Entra raises a leak: the record for the hub, and Graph's own copy. */
export function leak({ id = "detection-1", at = startAt - 600_000, properties = {}, ...ids }: Risk = {}): {
  readonly record: Raw;
  readonly copy: Record<string, unknown>;
} {
  const who = { ...victim, ...ids };
  const facts = {
    id,
    servicePrincipalId: who.servicePrincipalId,
    riskEventType: "leakedCredentials",
    riskLevel: "high",
    riskState: "atRisk",
    riskDetail: "none",
    keyIds: [keyA],
    activityDateTime: iso(at),
    detectedDateTime: iso(at),
    ...properties,
  };
  return { record: riskEvent({ appId: who.appId, ...facts }), copy: facts };
}

/** The summary record of the same risk. */
export function riskyRecord({ at = startAt - 590_000, properties = {}, ...ids }: Risk = {}): Raw {
  const who = { ...victim, ...ids };
  return risky({ id: who.servicePrincipalId, appId: who.appId, riskLastUpdatedDateTime: iso(at), ...properties });
}

interface Added {
  readonly id?: string;
  readonly at?: number;
  readonly object?: "Application" | "ServicePrincipal";
  readonly objectId?: string;
  /** KeyDescription before (null: not said) and after */
  readonly before?: string | null;
  readonly after?: string;
}

export const addedBeside = { before: keys([keyA]), after: keys([keyA], [added]) };

/** Somebody adds a credential: the record, and Graph's own copy. It names only the object, as Entra does. */
export function credentialAdded(change: Added = {}) {
  const {
    id = "audit-1",
    at = startAt - 60_000,
    object = "Application",
    before,
    after,
  } = { ...addedBeside, ...change };
  const objectId = change.objectId ?? (object === "Application" ? applicationId : servicePrincipalId);
  const operation = object === "Application" ? undefined : "Add service principal credentials";
  const record = audit(
    { id, activityDateTime: iso(at), targetResources: [target(object, objectId, keyDescription(before, after))] },
    operation,
  );
  return { record, copy: { id, activityDateTime: iso(at), targetResources: [{ id: objectId }] } };
}

export function refusedSignIn(at: number): Raw {
  return signIn({ createdDateTime: iso(at) });
}
