/** An audit record whose activity is wanted, and the way from it to an event. */
import type { Actor, IdentityEvent } from "../domain/event.ts";
import { hashId } from "../domain/ids.ts";
import type { AuditTarget } from "./audit-properties.ts";
import type { Fields } from "./fields.ts";
import type { Letter, Normalised } from "./normaliser.ts";
import { deadLetter, firstTime, noTime, type RawRecord, recordIdOf } from "./raw-record.ts";
import { type About, subjectOf, type Victim } from "./victim.ts";

export interface AuditRecord {
  readonly raw: RawRecord;
  readonly operation: string;
  readonly properties: Fields;
  readonly targets: readonly AuditTarget[];
  readonly actor: Actor;
  readonly correlationId: string | null;
  readonly activityDateTime: unknown;
}

/** One per activity, or per property that an update changed. */
export type ReadActivity = (record: AuditRecord) => Normalised;

type FactKey =
  | "id"
  | "category"
  | "recordId"
  | "tenantId"
  | "occurredAt"
  | "correlationId"
  | "actor"
  | "subject"
  | "claimedId"
  | "claimedName";
type WithoutFacts<T> = T extends IdentityEvent ? Omit<T, FactKey> : never;
/** What the event says beyond the facts that all have. */
export type Said = WithoutFacts<Extract<IdentityEvent, { category: unknown }>>;

/** `one` tells several events of the same type apart that one record makes. */
export function auditEvent(record: AuditRecord, victim: Victim, said: Said, one?: string): Normalised {
  const about = subjectOf(record.raw.tenantId, victim);
  if (about === null) return noVictim(record, "The record does not say to what it was done, not even illegibly.");
  return eventAbout(record, about, victim.objectId ?? victim.claimedId ?? victim.appId, said, one);
}

/** `id` is what stands for it in the record id of a record that has none. */
export function eventAbout(record: AuditRecord, about: About, id: string | null, said: Said, one?: string): Normalised {
  const { raw, actor, correlationId } = record;
  const occurredAt = firstTime(raw, record.activityDateTime);
  if (occurredAt === null) return noTime(raw);
  const recordId = recordIdOf(raw, [said.type, id, occurredAt]);
  const facts = {
    id: hashId(raw.category, recordId, said.type, ...(one === undefined ? [] : [one])),
    category: raw.category,
    recordId,
    tenantId: raw.tenantId,
    occurredAt,
    correlationId,
    actor,
    ...about,
  };
  return { outcome: "event", event: { ...facts, ...said } };
}

export function ignored(reason: string): Normalised {
  return { outcome: "ignored", reason };
}

export function unreadable(record: AuditRecord, detail: string): Normalised {
  return deadLetter(record.raw.record, "schema", detail);
}

export function noVictim(record: AuditRecord, problem: string): Normalised {
  return deadLetter(record.raw.record, "no-victim", `${problem} Look at the record in the hub.`);
}

/** What can be read of one record, with what cannot; a reason to ignore it counts only where there is neither. */
export function together(parts: readonly Normalised[]): Normalised {
  const events = parts.flatMap((part) => (part.outcome === "event" ? [part.event, ...(part.more ?? [])] : []));
  const letters = parts.flatMap(lettersOf);
  const [event, ...more] = events;
  if (event === undefined) {
    return parts.find(({ outcome }) => outcome === "dead-letter") ?? parts[0] ?? ignored("nothing-changed");
  }
  return {
    outcome: "event",
    event,
    ...(more.length > 0 ? { more } : {}),
    ...(letters.length > 0 ? { letters } : {}),
  };
}

function lettersOf(part: Normalised): readonly Letter[] {
  if (part.outcome === "dead-letter") return [part.letter];
  return part.outcome === "event" ? (part.letters ?? []) : [];
}
