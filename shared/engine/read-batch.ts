/** A batch of Event Hub bodies → events, dead letters and counts. Pure: nothing is stored here, and nothing throws. */
import type { DeadLetter, Origin } from "../domain/dead-letter.ts";
import { type IdentityEvent, LogCategory } from "../domain/event.ts";
import { openEnvelope } from "../records/envelope.ts";
import { normalise } from "../records/index.ts";

export interface Delivery {
  readonly body: unknown;
  /** epoch ms at which the hub took it */
  readonly enqueuedAt: number;
  readonly origin: Omit<Origin, "index">;
}

export interface Arrived {
  readonly event: IdentityEvent;
  readonly origin: Origin;
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
  /** category → epoch ms at which its newest record came, relevant or not: blindness is an incident */
  readonly newest: Map<string, number>;
}

/** One event full of rubbish must not become thousands of rows: the rest of it is one letter that says how many. */
const lettersOfOneEvent = 20;

const watched: ReadonlySet<unknown> = new Set(LogCategory.options);

export function readBatch(batch: readonly Delivery[], tenantId: string): ReadBatch {
  const read: ReadBatch = { arrived: [], unread: [], ignored: new Map(), newest: new Map() };
  for (const delivery of batch) readDelivery(delivery, tenantId, read);
  return read;
}

function readDelivery({ body, enqueuedAt, origin }: Delivery, tenantId: string, read: ReadBatch): void {
  let index = 0;
  const unread: Unread[] = [];
  for (const opened of openEnvelope(body)) {
    const place: Origin = { ...origin, index: index++ };
    if (!opened.ok) {
      unread.push({ letter: opened.letter, origin: place, body });
      continue;
    }
    noteArrival(read.newest, opened.record, enqueuedAt);
    const result = normalise(opened.record, tenantId);
    if (result.outcome === "event") read.arrived.push({ event: result.event, origin: place });
    else if (result.outcome === "ignored") read.ignored.set(result.reason, (read.ignored.get(result.reason) ?? 0) + 1);
    else unread.push({ letter: result.letter, origin: place, body: opened.record });
  }
  read.unread.push(...capped(unread, { ...origin, index }));
}

function capped(unread: readonly Unread[], origin: Origin): readonly Unread[] {
  if (unread.length <= lettersOfOneEvent) return unread;
  const more = unread.length - lettersOfOneEvent;
  const detail = `${more} more records of this event could not be read; look at the event itself in the hub`;
  const letter = { reason: "not-read", detail, category: null, recordId: null };
  return [...unread.slice(0, lettersOfOneEvent), { letter, origin, body: null }];
}

/** The category as Entra writes it; any other spelling is not worth a row. */
function noteArrival(newest: Map<string, number>, record: unknown, enqueuedAt: number): void {
  if (typeof record !== "object" || record === null || !("category" in record)) return;
  const { category } = record;
  if (typeof category !== "string" || !watched.has(category)) return;
  newest.set(category, Math.max(newest.get(category) ?? 0, enqueuedAt));
}
