/** Which identity a record is about, from its ids and the aliases we know. Calls no Graph. */
import { type IdentityKey, type IdentityRef, identityKey, unresolvedKey } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";

export interface ResolvedSubject {
  readonly key: IdentityKey;
  readonly subject: IdentityRef;
  readonly resolved: boolean;
}

/**
 * A record with an appId is resolved. One that names only an object id is looked up; what no alias knows is kept under that
 * object id until the writer has asked Graph. Aliases are what Graph said, never what a record claims: a forged pair of ids
 * would lead every later record of the victim astray. Null: the record names no id at all.
 */
export async function resolveSubject(services: Services, subject: IdentityRef): Promise<ResolvedSubject | null> {
  const { aliases } = services.stores;
  if (subject.appId !== null) {
    return { key: identityKey(subject.tenantId, subject.appId), subject, resolved: true };
  }
  const objectId = subject.servicePrincipalId ?? subject.applicationObjectId;
  if (objectId === null) return null;
  const known = await aliases.get(subject.tenantId, objectId);
  if (known === null || known.appId === null) {
    return { key: unresolvedKey(subject.tenantId, objectId), subject, resolved: false };
  }
  const completed = {
    ...known,
    servicePrincipalId: known.servicePrincipalId ?? subject.servicePrincipalId,
    applicationObjectId: known.applicationObjectId ?? subject.applicationObjectId,
  };
  return { key: identityKey(subject.tenantId, known.appId), subject: completed, resolved: true };
}
