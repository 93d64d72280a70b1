/** A record that passed relevance, with what every normaliser needs of its envelope. */
import type { DeadLetter } from "../domain/dead-letter.ts";
import { describeError } from "../domain/errors.ts";
import type { LogCategory } from "../domain/event.ts";
import { Guid } from "../domain/identity.ts";
import { hashId } from "../domain/ids.ts";
import { asText, type Fields, field, propertiesOf } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { parseTime } from "./time.ts";

export interface RawRecord {
  readonly category: LogCategory;
  /** folded activity name; "" where the category is not told apart by it */
  readonly operation: string;
  readonly tenantId: string;
  readonly record: Fields;
  readonly properties: Fields;
  /** the envelope's `time`, ISO 8601 UTC; may be hours from the activity itself */
  readonly time: string | null;
}

/** One per log category: a record whose category and activity are wanted, to its event. */
export type ReadRecord = (raw: RawRecord) => Normalised;

/** The tenant a record names, lower case: its `tenantId`, else the one in `resourceId`; null where it names none. */
export function tenantOfRecord(record: Fields): string | null {
  const named = asText(field(record, "tenantId"));
  if (named !== null) return named.toLowerCase();
  const resource = asText(field(record, "resourceId"));
  return /\/tenants\/([^/]+)/i.exec(resource ?? "")?.[1]?.toLowerCase() ?? null;
}

export function rawRecord(record: Fields, category: LogCategory, operation: string, tenantId: string): RawRecord {
  const properties = propertiesOf(record);
  return { category, operation, tenantId, record, properties, time: parseTime(field(record, "time")) };
}

/** The first of the times that can be read, else the envelope's; null where there is none at all. */
export function firstTime(raw: RawRecord, ...spellings: readonly unknown[]): string | null {
  for (const spelling of spellings) {
    const time = parseTime(spelling);
    if (time !== null) return time;
  }
  return raw.time;
}

/** The record's own id; where it has none, a hash of what it says, so that a redelivered record is the same one. */
export function recordIdOf(raw: RawRecord, said: readonly (string | null)[]): string {
  const own = asText(field(raw.properties, "id"));
  return own ?? hashId(raw.category, raw.tenantId, raw.operation, ...said.map((part) => part ?? ""));
}

/** A dead letter that keeps nothing of the record but its category and id. */
export function deadLetter(record: Fields, reason: string, detail: string): Normalised {
  const category = asText(field(record, "category"));
  const recordId = asText(field(propertiesOf(record), "id"));
  const letter: Omit<DeadLetter, "origin"> = { reason, detail, category, recordId };
  return { outcome: "dead-letter", letter };
}

export function noTime(raw: RawRecord): Normalised {
  return deadLetter(raw.record, "schema", "The record carries no time that can be read, so its age cannot be judged.");
}

/** A bug of ours must not sink the batch: the record is set aside, and says what happened. */
export function setAside(record: Fields, error: unknown): Normalised {
  return deadLetter(
    record,
    "failed",
    `Reading the record failed (${describeError(error)}); please report this as a bug.`,
  );
}

export function isTenant(tenantId: string, named: string): boolean {
  return Guid.safeParse(named).success && named === tenantId.toLowerCase();
}
