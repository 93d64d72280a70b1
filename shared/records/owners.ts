/**
 * Somebody was made an owner of an identity, or is one no longer. The target is the owner; what is owned stands in its properties, or,
 * where it has none, is the one target of that type beside it.
 */
import { type AuditTarget, eitherValueOf, propertyOf } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, noVictim } from "./audit-record.ts";
import { asGuid, asText, field } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { idOrClaim, objectOf, onlyOfType, onlyTarget, type Victim, victimAt } from "./victim.ts";

export function readOwner(record: AuditRecord): Normalised {
  const object = objectOf(record.operation);
  const owners = ownersIn(record, object);
  const [owner, owned] = owners.length > 0 ? [owners, null] : apart(record, object);
  const found = onlyTarget(owner, `that says which ${object} was given an owner`);
  if (!found.ok) return noVictim(record, found.problem);
  const victim = owned === null ? ownedBy(found.target, object) : victimAt(record.properties, object, owned);
  const ownerId = asGuid(field(found.target.fields, "id"));
  if (ownerId === null) return noVictim(record, "The id of the new owner is not a GUID.");
  return auditEvent(record, victim, { type: "owner-added", object, objectId: victim.objectId, ownerId });
}

/** No real record of a removal is at hand: they are taken for the mirror image, with what is gone in the old values or the new. */
export function readOwnerRemoved(record: AuditRecord): Normalised {
  const object = objectOf(record.operation);
  const owner = onlyTarget(ownersIn(record, object), `that says which ${object} lost an owner`);
  const owned = owner.ok ? null : onlyOfType(record.targets, object);
  if (owned !== null && !owned.ok) return noVictim(record, owned.problem);
  const victim = owner.ok
    ? ownedBy(owner.target, object)
    : owned === null
      ? null
      : victimAt(record.properties, object, owned.target);
  if (victim === null) return noVictim(record, `The record does not say which ${object} lost an owner.`);
  const ownerId = owner.ok ? asGuid(field(owner.target.fields, "id")) : null;
  return auditEvent(record, victim, { type: "owner-removed", object, objectId: victim.objectId, ownerId });
}

function ownersIn({ targets }: AuditRecord, object: Victim["object"]): readonly AuditTarget[] {
  return targets.filter(({ changed }) => propertyOf(changed, `${object.toLowerCase()}.objectid`) !== undefined);
}

/** Who may own, and the object beside them; no owners where it cannot be told which of them is which. */
function apart({ targets }: AuditRecord, object: Victim["object"]) {
  const [owned, another] = targets.filter(({ type }) => type === object.toLowerCase());
  const owners = targets.filter((one) => one !== owned && (one.type === "user" || one.type === "serviceprincipal"));
  return owned === undefined || another !== undefined ? ([[], null] as const) : ([owners, owned] as const);
}

function ownedBy({ changed }: AuditTarget, object: Victim["object"]): Victim {
  const said = (name: string) => eitherValueOf(changed, `${object.toLowerCase()}.${name}`);
  return {
    object,
    ...idOrClaim(said("objectid")),
    appId: asGuid(said("appid")),
    claimedName: asText(said("displayname")),
  };
}
