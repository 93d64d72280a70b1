/** The due store of a replay: a queue by the replay's own clock. */
import { type DueMessage, dueId } from "../../../shared/domain/due.ts";
import { tenantOf } from "../../../shared/domain/identity.ts";
import type { DueRow, DueStore, StoredDueRow } from "../../../shared/ports/stores.ts";

export interface ReplayDue extends DueStore {
  putAt(message: DueMessage, wakeAt: number): void;
  /** The earliest row that is due by then, taken off the queue; null: none is. */
  take(now: number): StoredDueRow | null;
}

export function createDue(): ReplayDue {
  const rows = new Map<string, StoredDueRow>();
  const queue = new Queue();
  let version = 0;
  let order = 0;
  const keep = (row: StoredDueRow) => {
    rows.set(keyOf(row), row);
    queue.push({ wakeAt: row.wakeAt, order: ++order, key: keyOf(row), version: row.version });
  };
  const put = (row: DueRow): string => {
    const stored = { ...row, version: `v${++version}` };
    keep(stored);
    return stored.version;
  };
  const sorted = (tenantId: string) =>
    [...rows.values()].filter((row) => row.tenantId === tenantId).sort((a, b) => a.wakeAt - b.wakeAt);
  return {
    put: async (row) => put(row),
    putAt(message, wakeAt) {
      put({ id: dueId(message), tenantId: tenantOf(message.identity), wakeAt, message, attempts: 0 });
    },
    async settle({ wakeAt, ...row }, settled) {
      const stored = rows.get(keyOf(row));
      const stands = stored !== undefined && stored.version !== settled;
      if (wakeAt === null && !stands) rows.delete(keyOf(row));
      else if (wakeAt !== null && (!stands || stored.wakeAt > wakeAt)) put({ ...row, wakeAt });
    },
    async snooze(row, wakeAt) {
      if (rows.get(keyOf(row))?.version !== row.version) return null;
      keep({ ...row, wakeAt });
      return row.version;
    },
    due: async (tenantId, now, limit) =>
      sorted(tenantId)
        .filter(({ wakeAt }) => wakeAt <= now)
        .slice(0, limit),
    all: async (tenantId) => sorted(tenantId),
    take(now) {
      for (let next = queue.first(); next !== undefined && next.wakeAt <= now; next = queue.first()) {
        queue.pop();
        const row = rows.get(next.key);
        // put anew, put off, or seen to
        if (row?.version !== next.version || row.wakeAt !== next.wakeAt) continue;
        rows.delete(next.key);
        return row;
      }
      return null;
    },
  };
}

interface Entry {
  readonly wakeAt: number;
  readonly order: number;
  readonly key: string;
  readonly version: string;
}

function keyOf({ tenantId, id }: Pick<DueRow, "tenantId" | "id">): string {
  return `${tenantId}|${id}`;
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.wakeAt < b.wakeAt || (a.wakeAt === b.wakeAt && a.order < b.order);
}

/** A binary heap, the earliest first. */
class Queue {
  readonly #heap: Entry[] = [];

  first(): Entry | undefined {
    return this.#heap[0];
  }

  push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    for (let up = (at - 1) >> 1; at > 0; up = (at - 1) >> 1) {
      const parent = heap[up];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = entry;
  }

  pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (let child = this.#earlierChild(at); child !== null && isBefore(child.entry, last); ) {
      heap[at] = child.entry;
      at = child.at;
      child = this.#earlierChild(at);
    }
    heap[at] = last;
  }

  #earlierChild(at: number): { readonly at: number; readonly entry: Entry } | null {
    const [left, right] = [this.#heap[2 * at + 1], this.#heap[2 * at + 2]];
    if (left === undefined) return null;
    return right !== undefined && isBefore(right, left)
      ? { at: 2 * at + 2, entry: right }
      : { at: 2 * at + 1, entry: left };
  }
}
