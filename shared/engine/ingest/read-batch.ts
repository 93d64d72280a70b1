/** A batch of Event Hub bodies → events, dead letters and counts. Pure: nothing is stored here, and nothing throws. */

import type { ChangedObject } from "../../domain/changed-object.ts";
import type { DeadLetter, Origin } from "../../domain/dead-letter.ts";
import { type IdentityEvent, LogCategory } from "../../domain/event.ts";
import { openEnvelope } from "../../records/envelope.ts";
import { type Normalised, normalise } from "../../records/index.ts";
import { workloadChange } from "../../records/workload-change.ts";
import { type KnownSignIns, type Words, wordsOfSignIn } from "./known-sign-ins.ts";

export interface Delivery {
  readonly body: unknown;
  /** epoch ms at which the hub took it */
  readonly enqueuedAt: number;
  readonly origin: Omit<Origin, "index">;
  /** the index of the one record that is meant, when it is taken again; without it all of them */
  readonly only?: number;
}

export interface Arrived {
  readonly event: IdentityEvent;
  readonly origin: Origin;
  /** what was given, for the letter should storage refuse it */
  readonly record: unknown;
  /** by which the same sign-in is known again; null: it is not of that kind */
  readonly words: Words | null;
}

export interface Unread {
  readonly letter: Omit<DeadLetter, "origin">;
  readonly origin: Origin;
  /** what was given, for the letter's excerpt */
  readonly body: unknown;
}

export interface ReadBatch {
  readonly arrived: Arrived[];
  readonly unread: Unread[];
  /** by reason */
  readonly ignored: Map<string, number>;
  /** by watched category, relevant or not */
  readonly records: Map<string, number>;
  /**
   * Blindness is an incident. Half-minute → category → epoch ms at which its newest record of that time came, relevant or not: a batch
   * of what waited long holds hours, and its newest record alone would look like the end of a silence.
   */
  readonly newest: Map<number, Map<string, number>>;
  /** by the workload identity that did it: what it created or changed, one list a record, whether we read that for anything else or not */
  readonly changes: Map<string, (readonly ChangedObject[])[]>;
}

/** One event full of rubbish must not become thousands of rows: the rest of it is one letter that says how many. */
const lettersOfOneEvent = 20;

type Known = Pick<KnownSignIns, "has">;
const nothingKnown: Known = { has: () => false };

const watched: ReadonlySet<unknown> = new Set(LogCategory.options);

/** `known`: sign-ins that say nothing new; they are counted as `sign-in-known` and not read. */
export function readBatch(batch: readonly Delivery[], tenantId: string, known: Known = nothingKnown): ReadBatch {
  const read: ReadBatch = {
    arrived: [],
    unread: [],
    ignored: new Map(),
    records: new Map(),
    newest: new Map(),
    changes: new Map(),
  };
  for (const delivery of batch) readDelivery(delivery, tenantId, known, read);
  return read;
}

function readDelivery(
  { body, enqueuedAt, origin, only }: Delivery,
  tenantId: string,
  known: Known,
  read: ReadBatch,
): void {
  let index = 0;
  const unread: Unread[] = [];
  for (const opened of openEnvelope(body)) {
    const place: Origin = { ...origin, index: index++ };
    if (only !== undefined && only !== place.index) continue;
    if (!opened.ok) {
      unread.push({ letter: opened.letter, origin: place, body });
      continue;
    }
    noteArrival(read, opened.record, enqueuedAt);
    const words = wordsOfSignIn(opened.record);
    if (words !== null && known.has(words)) {
      count(read.ignored, "sign-in-known");
      continue;
    }
    noteChange(read.changes, opened.record, tenantId, enqueuedAt);
    unread.push(...take(normalise(opened.record, tenantId), opened.record, place, words, read));
  }
  read.unread.push(...capped(unread, { ...origin, index }));
}

/** Answers what of the record cannot be read. */
function take(
  result: Normalised,
  body: unknown,
  origin: Origin,
  words: Words | null,
  { arrived, ignored }: ReadBatch,
): readonly Unread[] {
  if (result.outcome === "dead-letter") return [{ letter: result.letter, origin, body }];
  if (result.outcome === "ignored") {
    count(ignored, result.reason);
    return [];
  }
  for (const event of [result.event, ...(result.more ?? [])]) arrived.push({ event, origin, words, record: body });
  return (result.letters ?? []).map((letter) => ({ letter, origin, body }));
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function capped(unread: readonly Unread[], origin: Origin): readonly Unread[] {
  if (unread.length <= lettersOfOneEvent) return unread;
  const more = unread.length - lettersOfOneEvent;
  const detail = `${more} more records of this event could not be read; look at the event itself in the hub`;
  const letter = { reason: "not-read", detail, category: null, recordId: null };
  return [...unread.slice(0, lettersOfOneEvent), { letter, origin, body: null }];
}

/** The category as Entra writes it; any other spelling is not worth a row. */
function noteArrival({ newest, records }: ReadBatch, record: unknown, enqueuedAt: number): void {
  if (typeof record !== "object" || record === null || !("category" in record)) return;
  const { category } = record;
  if (typeof category !== "string" || !watched.has(category)) return;
  count(records, category);
  const halfMinute = Math.floor(enqueuedAt / 30_000);
  const then = newest.get(halfMinute) ?? new Map<string, number>();
  newest.set(halfMinute, then);
  then.set(category, Math.max(then.get(category) ?? 0, enqueuedAt));
}

/** No record is of the future: one that claims it would otherwise outlive all others. */
function noteChange(changes: ReadBatch["changes"], record: unknown, tenantId: string, enqueuedAt: number): void {
  const change = workloadChange(record, tenantId);
  if (change === null) return;
  const records = changes.get(change.actorId) ?? [];
  changes.set(change.actorId, records);
  records.push(change.objects.map((object) => ({ ...object, at: Math.min(object.at, enqueuedAt) })));
}
