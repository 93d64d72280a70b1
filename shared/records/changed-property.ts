/** One property that an update changed: on which object, from what, to what. */
import { type BothValues, bothValues, propertyOf, unquoted } from "./audit-properties.ts";
import { type AuditRecord, noVictim } from "./audit-record.ts";
import type { Fields } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { carrierOf, objectOf, type Victim, victimAt } from "./victim.ts";

export interface ChangedProperty {
  readonly victim: Victim;
  /** as they are written; undefined where the property is missing */
  readonly values: BothValues;
  /** all modified properties of the same target */
  readonly changed: readonly Fields[];
}

/** `name` in lower case. */
export function changedProperty(record: AuditRecord, name: string): ChangedProperty | Normalised {
  const object = objectOf(record.operation);
  const found = carrierOf(record.targets, object, name);
  if (!found.ok) return noVictim(record, found.problem);
  const { changed } = found.target;
  const property = propertyOf(changed, name);
  const values = property === undefined ? { oldValue: undefined, newValue: undefined } : bothValues(property);
  return { victim: victimAt(record.properties, object, found.target), values, changed };
}

/** What the value lists; null: nothing is said. A lone value is a list of one. `unreadable`: text that is no JSON, cut off perhaps. */
export function listIn(value: unknown): readonly unknown[] | null | "unreadable" {
  const list = unquoted(value);
  if (list === null || list === undefined || list === "") return null;
  if (Array.isArray(list)) return list;
  return typeof list === "string" && /^[[{"]/.test(list) ? "unreadable" : [list];
}
