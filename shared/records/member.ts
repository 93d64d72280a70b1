/** A service principal was made a member of a group; and which member a record of memberships and roles names. */
import { guidOf } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, noVictim } from "./audit-record.ts";
import { asGuid, field } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { onlyOfType, type Victim, victimAt } from "./victim.ts";

export function readGroupMember(record: AuditRecord): Normalised {
  const victim = memberOf(record);
  if (victim === null) return ignored("no-workload-target");
  if ("outcome" in victim) return victim;
  const ids = record.targets.flatMap(({ changed, type, fields }) => [
    guidOf(changed, "group.objectid"),
    type === "group" ? asGuid(field(fields, "id")) : null,
  ]);
  const [groupId, another] = new Set(ids.filter((id) => id !== null));
  if (groupId === undefined || another !== undefined) return noVictim(record, "The record does not name one group.");
  return auditEvent(record, victim, { type: "group-joined", groupId });
}

/** The member, where it is a service principal; null: users and groups are not ours to contain. */
export function memberOf(record: AuditRecord): Victim | Normalised | null {
  if (!record.targets.some(({ type }) => type === "serviceprincipal")) return null;
  const found = onlyOfType(record.targets, "servicePrincipal");
  if (!found.ok) return noVictim(record, found.problem);
  return victimAt(record.properties, "servicePrincipal", found.target);
}
