/** How the listing of what nobody uses is ordered, and one page of it cut out of entries that come in no order. */
import { z } from "zod";
import { TerminalError } from "../../../domain/errors.ts";

/** Most privileges first, then the longest unused, of which those of whom no use is known are the first; the key settles ties. */
export type Order = readonly [privileges: number, lastUsedAt: number, key: string];

interface Ordered {
  readonly order: Order;
}

const Cursor = z.tuple([z.string(), z.tuple([z.number(), z.number(), z.string()])]);

/** The first `most` of what is offered that come after a point. Holds twice as many at most, whatever is offered. */
export function firstFew<T extends Ordered>(most: number, after: Order | null) {
  let held: T[] = [];
  const sorted = () => held.sort((a, b) => (isBefore(a.order, b.order) ? -1 : 1)).slice(0, most);
  return {
    sorted,
    offer(entry: T): void {
      if (after !== null && !isBefore(after, entry.order)) return;
      held.push(entry);
      if (held.length >= most * 2) held = sorted();
    },
  };
}

function isBefore([privileges, lastUsedAt, key]: Order, other: Order): boolean {
  if (privileges !== other[0]) return privileges > other[0];
  if (lastUsedAt !== other[1]) return lastUsedAt < other[1];
  return key < other[2];
}

export function cursorOf(order: Order, scanId: string): string {
  return Buffer.from(JSON.stringify([scanId, order])).toString("base64url");
}

/** Throws TerminalError `bad-cursor` for what we never gave out, and for a page of another scan. */
export function orderIn(cursor: string, scanId: string): Order {
  const [of, order] = parsed(cursor);
  if (of === scanId) return order;
  const message = "a newer scan has ended since the page before: begin the listing anew, without a cursor";
  throw new TerminalError(message, { code: "bad-cursor" });
}

function parsed(cursor: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (cause) {
    const message = "the cursor is none of ours; take `nextCursor` of the page before, or leave it out";
    throw new TerminalError(message, { code: "bad-cursor", cause });
  }
}
