/** Applications and service principals that come and go, and service principals that are switched on and off. */
import { bothValues, propertyOf, unquoted } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, noVictim, onlyTarget, unreadable, victimAt } from "./audit-record.ts";
import { carrierOf } from "./credential-change.ts";
import type { Normalised } from "./normaliser.ts";

export function readExistence(record: AuditRecord): Normalised {
  const object = record.operation.endsWith("service principal") ? "servicePrincipal" : "application";
  const found = onlyTarget(
    record.targets.filter(({ type }) => type === object.toLowerCase()),
    `of type ${object}`,
  );
  if (!found.ok) return noVictim(record, found.problem);
  const victim = victimAt(record, object, found.target);
  if (victim === null) return noVictim(record, `The id of the target of type ${object} is not a GUID.`);
  const change = changeOf(record.operation);
  return auditEvent(record, victim, { type: "existence-changed", object, objectId: victim.objectId, change });
}

function changeOf(operation: string): "created" | "deleted" | "restored" {
  if (operation.startsWith("add ")) return "created";
  return operation.startsWith("restore ") ? "restored" : "deleted";
}

/** `AccountEnabled`, before and after, mostly written `[true]`. */
export function readAccountSwitch(record: AuditRecord): Normalised {
  const found = carrierOf(record.targets, "servicePrincipal", "accountenabled");
  if (!found.ok) return noVictim(record, found.problem);
  const victim = victimAt(record, "servicePrincipal", found.target);
  if (victim === null) return noVictim(record, "The id of the target of type servicePrincipal is not a GUID.");
  const property = propertyOf(found.target.changed, "accountenabled");
  const { oldValue, newValue } = property === undefined ? { oldValue: null, newValue: null } : bothValues(property);
  const [before, after] = [truth(oldValue), truth(newValue)];
  if (after === null) {
    return unreadable(record, `AccountEnabled of service principal ${victim.objectId} is neither true nor false.`);
  }
  if (before === after) return ignored("nothing-changed");
  return auditEvent(record, victim, { type: "account-switched", enabled: after });
}

function truth(value: unknown): boolean | null {
  const plain = unquoted(value);
  const one = Array.isArray(plain) && plain.length === 1 ? plain[0] : plain;
  if (typeof one === "boolean") return one;
  if (typeof one !== "string") return null;
  return one.toLowerCase() === "true" ? true : one.toLowerCase() === "false" ? false : null;
}
