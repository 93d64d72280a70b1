/**
 * All sources as one history, in the order of the records' own times. Each source is put in order within a window (Graph gives the
 * newest first), and opened only when the history comes to it, so that memory is that of the files that overlap.
 */
import type { Exported } from "./shapes/record.ts";
import { recordsIn } from "./shapes/shape.ts";
import type { Piece } from "./sources/piece.ts";
import { readSource, type Seen } from "./sources/read-source.ts";
import type { Source } from "./sources/source.ts";

export interface Timed extends Exported {
  /** epoch ms: its own time, or that of the record before it */
  readonly at: number;
  readonly isOwn: boolean;
  readonly source: string;
  /** from 1, of the source */
  readonly number: number;
  readonly bytes: number;
}

export interface Heard {
  bad(source: string, piece: Extract<Piece, { ok: false }>): void;
  readonly seen: Seen;
}

/** A page of Graph has 999 items at most. */
const windowRecords = 1_000;
const windowBytes = 4 * 1024 * 1024;
/** A record that claims to be so much later than those around it is not believed. */
const unbelievableMs = 10 * 365 * 24 * 3600_000;

export interface Opened {
  readonly source: Source;
  /** epoch ms of its earliest record within the first window; null: there is none with a time */
  readonly firstAt: number | null;
  readonly first: readonly Timed[];
  readonly records: AsyncIterator<readonly Timed[]>;
}

/** Reads the beginning of every source. All but standard input are closed again until their time comes. */
export async function look(sources: readonly Source[], heard: Heard): Promise<readonly Opened[]> {
  const opened: Opened[] = [];
  for (const source of sources) {
    const silent: Heard = source.once ? heard : { bad: () => undefined, seen: () => undefined };
    const records = ordered(source, silent)[Symbol.asyncIterator]();
    const next = await records.next();
    const first = next.done === true ? [] : next.value;
    if (!source.once) await records.return?.();
    opened.push({ source, firstAt: first[0]?.at ?? null, first, records });
  }
  return opened.toSorted(byFirst);
}

function byFirst(a: Opened, b: Opened): number {
  return (a.firstAt ?? 0) - (b.firstAt ?? 0) || (a.source.name < b.source.name ? -1 : 1);
}

interface Cursor {
  readonly rank: number;
  readonly records: AsyncIterator<readonly Timed[]>;
  window: readonly Timed[];
  at: number;
}

export async function* merged(opened: readonly Opened[], heard: Heard): AsyncIterable<Timed> {
  const waiting = opened.map((one, rank) => ({ ...one, rank }));
  const cursors: Cursor[] = [];
  for (;;) {
    const earliest = earliestOf(cursors);
    const next = waiting[0];
    if (next !== undefined && (earliest === null || (next.firstAt ?? 0) <= earliest.at)) {
      waiting.shift();
      const cursor = await openedAt(next, next.rank, heard);
      if (cursor !== null) cursors.push(cursor);
    } else if (earliest === null) return;
    else {
      yield earliest;
      await advance(cursors);
    }
  }
}

async function openedAt({ source, first, records }: Opened, rank: number, heard: Heard): Promise<Cursor | null> {
  if (source.once) return first.length === 0 ? null : { rank, records, window: first, at: 0 };
  const again = ordered(source, heard)[Symbol.asyncIterator]();
  const cursor: Cursor = { rank, records: again, window: [], at: 0 };
  return (await refill(cursor)) ? cursor : null;
}

/** The first of the cursors is kept the one with the earliest record. */
function earliestOf(cursors: Cursor[]): Timed | null {
  let best = 0;
  for (let i = 1; i < cursors.length; i++) if (isBefore(cursors[i], cursors[best])) best = i;
  const cursor = cursors[best];
  if (cursor === undefined) return null;
  if (best > 0) cursors.unshift(...cursors.splice(best, 1));
  return cursor.window[cursor.at] ?? null;
}

function isBefore(a: Cursor | undefined, b: Cursor | undefined): boolean {
  const [one, other] = [a?.window[a.at]?.at ?? 0, b?.window[b.at]?.at ?? 0];
  return one < other || (one === other && (a?.rank ?? 0) < (b?.rank ?? 0));
}

async function advance(cursors: Cursor[]): Promise<void> {
  const [cursor] = cursors;
  if (cursor === undefined) return;
  cursor.at += 1;
  if (cursor.at >= cursor.window.length && !(await refill(cursor))) cursors.shift();
}

async function refill(cursor: Cursor): Promise<boolean> {
  const next = await cursor.records.next();
  if (next.done === true) return false;
  cursor.window = next.value;
  cursor.at = 0;
  return true;
}

/** The records of one source in windows, none of them empty, each in order; what is left of one goes into the next. */
async function* ordered(source: Source, heard: Heard): AsyncIterable<readonly Timed[]> {
  let held: Timed[] = [];
  let bytes = 0;
  let number = 0;
  let last = 0;
  for await (const pieces of readSource(source, heard.seen)) {
    for (const piece of pieces) {
      if (!piece.ok) {
        heard.bad(source.name, piece);
        continue;
      }
      const records = recordsIn(piece.value, piece.beside);
      for (const record of records) {
        const at = record.at ?? last;
        last = at;
        const place = { source: source.name, number: ++number, bytes: piece.bytes / records.length };
        held.push({ ...record, ...place, at, isOwn: record.at !== null });
      }
      bytes += piece.bytes;
    }
    if (held.length < 2 * windowRecords && bytes < 2 * windowBytes) continue;
    const sorted = inOrder(held);
    const half = Math.ceil(sorted.length / 2);
    yield sorted.slice(0, half);
    held = sorted.slice(half);
    bytes = held.reduce((sum, one) => sum + one.bytes, 0);
  }
  if (held.length > 0) yield inOrder(held);
}

function inOrder(window: Timed[]): Timed[] {
  if (isInOrder(window)) return window;
  const times = window.map(({ at }) => at).sort((a, b) => a - b);
  const latest = (times[times.length >> 1] ?? 0) + unbelievableMs;
  const believed = window.map((one) =>
    one.at > latest ? { ...one, at: times[times.length >> 1] ?? 0, isOwn: false } : one,
  );
  return believed.sort((a, b) => a.at - b.at || a.number - b.number);
}

/** As most archives are, and then there is nothing to do: what is not later than its like is believed. */
function isInOrder(window: readonly Timed[]): boolean {
  const middle = window[window.length >> 1]?.at ?? 0;
  const last = window.at(-1)?.at ?? 0;
  return last <= middle + unbelievableMs && window.every(({ at }, i) => i === 0 || at >= (window[i - 1]?.at ?? 0));
}
