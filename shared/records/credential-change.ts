/** Passwords and certificates of an application or a service principal: the `KeyDescription` property, before and after. */
import { servicePrincipalNames } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, unreadable } from "./audit-record.ts";
import { changedProperty } from "./changed-property.ts";
import { keyDifference, parseKeyDescription } from "./key-description.ts";
import type { Normalised } from "./normaliser.ts";

export function readCredentialChange(record: AuditRecord): Normalised {
  const change = changedProperty(record, "keydescription");
  if ("outcome" in change) return change;
  const { victim, values, changed } = change;
  const { object, objectId } = victim;
  const after = parseKeyDescription(values.newValue);
  const before = parseKeyDescription(values.oldValue);
  if (!after.ok || !before.ok) {
    const which = objectId ?? "that is not named";
    const detail = `KeyDescription of ${object} ${which} cannot be read (cut off?): compare its credentials by hand.`;
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
    ...(/^(create|add) application/.test(record.operation) ? { atCreation: true } : {}),
    ...(isManaged ? { managedIdentityName: true } : {}),
  });
}
