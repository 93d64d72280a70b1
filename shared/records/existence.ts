/** Applications and service principals that come and go, and service principals that are switched on and off. */
import { truthOf } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, noVictim, unreadable } from "./audit-record.ts";
import { changedProperty } from "./changed-property.ts";
import type { Normalised } from "./normaliser.ts";
import { objectOf, onlyOfType, victimAt } from "./victim.ts";

export function readExistence(record: AuditRecord): Normalised {
  const object = objectOf(record.operation);
  const found = onlyOfType(record.targets, object);
  if (!found.ok) return noVictim(record, found.problem);
  const victim = victimAt(record.properties, object, found.target);
  return auditEvent(record, victim, {
    type: "existence-changed",
    object,
    objectId: victim.objectId,
    change: changeOf(record.operation),
    ...(record.operation.startsWith("hard delete ") ? { hard: true } : {}),
  });
}

function changeOf(operation: string): "created" | "deleted" | "restored" {
  if (operation.startsWith("add ")) return "created";
  return operation.startsWith("restore ") ? "restored" : "deleted";
}

/** `AccountEnabled`, before and after, mostly written `[true]`. */
export function readAccountSwitch(record: AuditRecord): Normalised {
  const change = changedProperty(record, "accountenabled");
  if ("outcome" in change) return change;
  const { victim, values } = change;
  const [before, after] = [truthOf(values.oldValue), truthOf(values.newValue)];
  if (after === null) {
    const which = victim.objectId ?? "that is not named";
    return unreadable(record, `AccountEnabled of service principal ${which} is neither true nor false.`);
  }
  if (before === after) return ignored("nothing-changed");
  return auditEvent(record, victim, { type: "account-switched", enabled: after });
}
