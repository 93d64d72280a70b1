/** An application or a service principal was given another display name. */
import { soleValue } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored } from "./audit-record.ts";
import { changedProperty } from "./changed-property.ts";
import { asText } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";

export function readRenaming(record: AuditRecord): Normalised {
  const change = changedProperty(record, "displayname");
  if ("outcome" in change) return change;
  const { victim, values } = change;
  const { object, objectId } = victim;
  const [before, claimedName] = [asText(soleValue(values.oldValue)), asText(soleValue(values.newValue))];
  if (claimedName === null || claimedName === before) return ignored("nothing-changed");
  return auditEvent(record, { ...victim, claimedName }, { type: "renamed", object, objectId, before });
}
