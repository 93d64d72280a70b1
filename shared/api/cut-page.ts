/** Cuts one page out of a whole listing: by the key of the last entry shown, so that what comes meanwhile shifts nothing. */
import { z } from "zod";
import { TerminalError } from "../domain/errors.ts";
import type { PageQuery } from "./paging.ts";

/** ISO 8601 time and an id that settles ties. */
export type SortKey = readonly [at: string, id: string];

const Cursor = z.tuple([z.string(), z.string()]);

/** Newest first, whatever the order of `items`. Throws TerminalError `bad-cursor` for a cursor that we never gave out. */
export function cutPage<T>(
  items: readonly T[],
  { limit, cursor }: PageQuery,
  keyOf: (item: T) => SortKey,
): { readonly items: T[]; readonly nextCursor: string | null } {
  const after = cursor === undefined ? null : keyIn(cursor);
  const sorted = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === null || isOlder(key, after))
    .sort((a, b) => (isOlder(a.key, b.key) ? 1 : -1));
  const page = sorted.slice(0, limit);
  const last = page.at(-1);
  const isMore = sorted.length > page.length && last !== undefined;
  return { items: page.map(({ item }) => item), nextCursor: isMore ? cursorOf(last.key) : null };
}

function isOlder([at, id]: SortKey, [otherAt, otherId]: SortKey): boolean {
  return at < otherAt || (at === otherAt && id < otherId);
}

function cursorOf(key: SortKey): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

function keyIn(cursor: string): SortKey {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (cause) {
    throw new TerminalError("the cursor is none of ours; take `nextCursor` of the page before, or leave it out", {
      code: "bad-cursor",
      cause,
    });
  }
}
