/** Passwords and certificates of an application or a service principal: the `KeyDescription` property, before and after. */

import { type AuditTarget, bothValues, propertyOf, servicePrincipalNames } from "./audit-properties.ts";
import {
  type AuditRecord,
  auditEvent,
  type Found,
  ignored,
  noVictim,
  onlyTarget,
  unreadable,
  type Victim,
  victimAt,
} from "./audit-record.ts";
import { keyDifference, parseKeyDescription } from "./key-description.ts";
import type { Normalised } from "./normaliser.ts";

const keyDescription = "keydescription";

export function readCredentialChange(record: AuditRecord): Normalised {
  const object = record.operation.includes("service principal") ? "servicePrincipal" : "application";
  const found = carrierOf(record.targets, object, keyDescription);
  const victim = found.ok ? victimAt(record, object, found.target) : null;
  if (!found.ok) return noVictim(record, found.problem);
  if (victim === null) return noVictim(record, `The id of the target of type ${object} is not a GUID.`);
  return readKeys(record, victim, found.target);
}

function readKeys(record: AuditRecord, victim: Victim, { changed }: AuditTarget): Normalised {
  const { object, objectId } = victim;
  const property = propertyOf(changed, keyDescription);
  const keys = property === undefined ? null : bothValues(property);
  const after = parseKeyDescription(keys?.newValue);
  const before = parseKeyDescription(keys?.oldValue);
  if (!after.ok || !before.ok) {
    const detail = `KeyDescription of ${object} ${objectId} cannot be read (cut off?): compare its credentials by hand.`;
    return unreadable(record, detail);
  }
  if (after.keys === null) return ignored("credentials-not-said");
  // where the old list is unknown, every key may be new: `before` null tells that this is not known
  const { added, removed } = keyDifference(before.keys ?? [], after.keys);
  if (added.length === 0 && removed.length === 0) return ignored("nothing-changed");
  const isManaged = servicePrincipalNames(changed).some((name) => name.startsWith("https://identity.azure.net/"));
  return auditEvent(record, victim, {
    type: "credentials-changed",
    object,
    objectId,
    added,
    removed,
    before: before.keys?.length ?? null,
    succeeded: true,
    ...(isManaged ? { managedIdentityName: true } : {}),
  });
}

/** Targets of that type; those that carry the property where several do not; one without type only if it carries it. */
export function carrierOf(targets: readonly AuditTarget[], object: Victim["object"], property: string): Found {
  const carries = ({ changed }: AuditTarget) => propertyOf(changed, property) !== undefined;
  const typed = targets.filter(({ type }) => type === object.toLowerCase());
  const carriers = typed.filter(carries);
  const untyped = () => targets.filter((target) => target.type === null && carries(target));
  const candidates = carriers.length > 0 ? carriers : typed.length > 0 ? typed : untyped();
  return onlyTarget(candidates, `of type ${object}`);
}
