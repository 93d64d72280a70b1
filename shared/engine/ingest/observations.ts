/** What an event teaches about its identity, and about who did it. */
import { consentSeen, type Facet, type Observation } from "../../domain/baseline.ts";
import { disabledErrorCode, type EventOf, type IdentityEvent } from "../../domain/event.ts";
import { federatedTupleHash, ownDeedHash } from "../../domain/federated-tuple.ts";
import { hashId } from "../../domain/ids.ts";
import {
  blockedErrorCode,
  blocksSeen,
  credentialTypeSeen,
  networkSeen,
  resourceSeen,
  systemSeen,
  wouldBlocksSeen,
} from "../../domain/sign-in-values.ts";

type Seen = readonly [Facet, string | null];

/** One record could otherwise push everything else out. */
const mostOfOneEvent = 24;

export function observationsOf(event: IdentityEvent): readonly Observation[] {
  return event.type === "signed-in" ? timed(event, seenInSignIn(event)) : timed(event, seenInChange(event));
}

/** As observationsOf, of what our own service principal did. */
export function observationsOfOurs(event: IdentityEvent): readonly Observation[] {
  if (event.type !== "federated-credentials-changed") return observationsOf(event);
  return timed(event, [["actor", event.actor.id], ...federatedByUs(event)]);
}

/** Under the actor's key. */
export function observationsOfActor(event: IdentityEvent): readonly Observation[] {
  const isCreation =
    event.type === "existence-changed" && event.change === "created" && event.object === "servicePrincipal";
  return isCreation ? timed(event, [["created", event.objectId]]) : [];
}

function timed({ occurredAt }: IdentityEvent, seen: readonly Seen[]): readonly Observation[] {
  const at = Date.parse(occurredAt);
  return seen.slice(0, mostOfOneEvent).flatMap(([facet, value]) => (value === null ? [] : [{ facet, value, at }]));
}

/** Only what succeeded is usual: strangers with a client id can fail from everywhere. */
function seenInSignIn(event: EventOf<"signed-in">): readonly Seen[] {
  const { errorCode, credentialKeyId, occurredAt, recordId, subject } = event;
  const blocked = blocksSeen(event).map((value): Seen => ["conditional-access", value]);
  if (errorCode !== 0) {
    // where Entra had no service principal to name, nobody of this tenant was tried, and strangers may make up as many as they like
    const isSomebody = subject.servicePrincipalId !== null;
    const isFailure = isSomebody && errorCode !== disabledErrorCode && errorCode !== blockedErrorCode;
    return isFailure ? [...blocked, ["failure", hashId(recordId)]] : blocked;
  }
  return [
    ["day", occurredAt.slice(0, 10)],
    ["network", systemSeen(event)],
    ["network", networkSeen(event)],
    ["country", event.country],
    ["resource", resourceSeen(event)],
    ["key", credentialKeyId],
    ["credential-type", credentialTypeSeen(event)],
    ...blocked,
    ...wouldBlocksSeen(event).map((value): Seen => ["conditional-access", value]),
  ];
}

function seenInChange(event: IdentityEvent): readonly Seen[] {
  if (event.category !== "AuditLogs" || (event.type === "credentials-changed" && !event.succeeded)) return [];
  return [["actor", event.actor.id], ...changeItself(event)];
}

/** What we took away is not what the identity usually has; what we gave back is. */
function federatedByUs({ added, removed }: EventOf<"federated-credentials-changed">): readonly Seen[] {
  return [
    ...removed.map((tuple): Seen => ["federated-by-us", ownDeedHash("taken", tuple)]),
    ...added.flatMap((tuple): Seen[] => [
      ["federated-by-us", ownDeedHash("given", tuple)],
      ["federated", federatedTupleHash(tuple)],
    ]),
  ];
}

function changeItself(event: IdentityEvent): readonly Seen[] {
  switch (event.type) {
    case "credentials-changed":
      return event.added.map(({ keyId }) => ["key-added", keyId]);
    case "federated-credentials-changed":
      // what was removed was there
      return [...event.added, ...event.removed].map((tuple) => ["federated", federatedTupleHash(tuple)]);
    case "app-role-granted":
      return [grant("app-role", event.resourceId, event.appRoleId ?? event.value)];
    case "delegated-grant-added":
      return event.scopes.map((scope) => grant("scope", event.resourceId, event.principalId, scope));
    case "consented":
      return [["grant", consentSeen]];
    case "directory-role-assigned":
      return [grant("directory-role", event.roleDefinitionId ?? event.claimedRole, event.directoryScopeId)];
    case "group-joined":
      return [grant("group", event.groupId)];
    case "existence-changed":
      if (event.change === "restored" || event.objectId === null) return [];
      return [["life", `${event.change}:${event.objectId}`]];
    default:
      return [];
  }
}

function grant(...parts: readonly (string | null)[]): Seen {
  return ["grant", hashId(...parts.map((part) => part ?? ""))];
}
