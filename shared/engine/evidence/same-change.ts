/** Does an event tell of exactly the change that a finding stands on: the same object, and at least all that the finding says was given? */

import { isGranting, privilegeOf } from "../../detections/support/privilege.ts";
import type { EventOf, EventType, IdentityEvent } from "../../domain/event.ts";
import { federatedTupleKey } from "../../domain/federated-tuple.ts";
import type { Finding, MatchDetails } from "../../domain/finding.ts";
import type { IdentityRef } from "../../domain/identity.ts";

type About = MatchDetails["about"];
type DetailsOf<A extends About> = Extract<MatchDetails, { about: A }>;

interface Comparison {
  same(details: MatchDetails, event: IdentityEvent): boolean;
}

function comparison<A extends About, T extends EventType>(
  about: A,
  type: T,
  same: (details: DetailsOf<A>, event: EventOf<T>) => boolean,
): readonly [About, Comparison] {
  const isOf = (details: MatchDetails): details is DetailsOf<A> => details.about === about;
  const isType = (event: IdentityEvent): event is EventOf<T> => event.type === type;
  return [about, { same: (details, event) => isOf(details) && isType(event) && same(details, event) }];
}

/** Only what details of that kind name; who it happened to is compared for all. A kind that is not here is never borne out so. */
const comparisons: ReadonlyMap<About, Comparison> = new Map([
  comparison("credential-added", "credentials-changed", (details, event) => {
    const added = new Set(event.added.map(({ keyId }) => keyId.toLowerCase()));
    return event.objectId === details.objectId && all(details.added, ({ keyId }) => added.has(keyId.toLowerCase()));
  }),
  comparison("federated-credential-added", "federated-credentials-changed", (details, event) => {
    const added = new Set(event.added.map(federatedTupleKey));
    return event.objectId === details.objectId && all(details.added, (tuple) => added.has(federatedTupleKey(tuple)));
  }),
  comparison(
    "app-role-granted",
    "app-role-granted",
    (details, event) =>
      event.resourceId === details.resourceId && event.appRoleId === details.appRoleId && event.value === details.value,
  ),
  comparison("delegated-grant-added", "delegated-grant-added", isSameGrant),
  comparison("consented", "consented", (details, event) => {
    const scopes = new Set(event.grants.flatMap((grant) => grant.scopes));
    const isWithin = (details.grants ?? []).every((grant) => event.grants.some((other) => isSameGrant(grant, other)));
    const isAsWide = event.onBehalfOfAll === details.onBehalfOfAll && event.appRoles === details.appRoles;
    return isAsWide && isWithin && details.scopes.every((scope) => scopes.has(scope));
  }),
  comparison(
    "directory-role-assigned",
    "directory-role-assigned",
    (details, event) =>
      event.roleDefinitionId === details.roleDefinitionId &&
      event.directoryScopeId === details.directoryScopeId &&
      event.eligible === details.eligible &&
      (details.roleDefinitionId !== null || event.claimedRole === details.claimedRole),
  ),
  comparison(
    "owner-added",
    "owner-added",
    (details, event) =>
      event.object === details.object && event.objectId === details.objectId && event.ownerId === details.ownerId,
  ),
  comparison("group-joined", "group-joined", (details, event) => event.groupId === details.groupId),
  comparison("risk-cleared", "risk-judged", (details, event) => {
    return event.judgement === "dismissed" && event.actor.kind === details.by;
  }),
  comparison("switched-on", "account-switched", (details, event) => event.enabled && event.actor.kind === details.by),
]);

export function isSameChange(finding: Finding, event: IdentityEvent): boolean {
  if (finding.details.about === "privilege-granted") return isSameGift(finding, finding.details, event);
  const compared = comparisons.get(finding.details.about);
  return compared?.same(finding.details, event) === true && isSameIdentity(finding.subject, event);
}

/** About whoever gave it: the record must be by that workload, and tell of the same privilege for the same taker. */
function isSameGift({ subject }: Finding, details: DetailsOf<"privilege-granted">, event: IdentityEvent): boolean {
  if (!isGranting(event) || event.actor.kind !== "workload" || event.actor.id === null) return false;
  const isGiver = event.actor.id === subject.servicePrincipalId;
  return isGiver && privilegeOf(event)?.what === details.what && isSameIdentity(details.grantee, event);
}

/** The ids that Graph's copy carries: the finding's may have been completed since. */
function isSameIdentity(subject: IdentityRef, event: IdentityEvent): boolean {
  const { servicePrincipalId, applicationObjectId } = event.subject;
  if (servicePrincipalId !== null) return subject.servicePrincipalId === servicePrincipalId;
  return applicationObjectId !== null && subject.applicationObjectId === applicationObjectId;
}

type Grant = Omit<DetailsOf<"delegated-grant-added">, "about">;

function isSameGrant(details: Grant, event: Grant): boolean {
  const scopes = new Set(event.scopes);
  return (
    event.resourceId === details.resourceId &&
    event.consentType === details.consentType &&
    event.principalId === details.principalId &&
    all(details.scopes, (scope) => scopes.has(scope))
  );
}

/** An empty list says nothing that could be borne out. */
function all<T>(list: readonly T[], fits: (one: T) => boolean): boolean {
  return list.length > 0 && list.every(fits);
}
