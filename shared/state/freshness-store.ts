/** When the records of each category came: one row a tenant in the table `freshness`, only ever moving forward. */
import type { TableClient } from "@azure/data-tables";
import { z } from "zod";
import { type Arrivals, LogRhythm, withArrival, withArrivals } from "../domain/log-rhythm.ts";
import type { Clock } from "../ports/clock.ts";
import type { FreshnessStore } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { type RowAddress, readVersion, updateVersion, type Version } from "./versioned-row.ts";

const writeEveryMs = 30_000;
/** A bare number is a row of before gaps were kept. */
const Stored = z.record(z.string(), z.union([LogRhythm, z.number().transform((last) => ({ last, gaps: {} }))]));

/** What this process has seen of one tenant. Up to 30 s of it is not stored yet. */
interface Seen {
  readonly arrivals: Map<string, Arrivals>;
  /** categories that a write has carried */
  readonly written: Set<string>;
  nextWriteAt: number;
}

export function createFreshnessStore(client: TableClient, clock: Clock): FreshnessStore {
  const tenants = new Map<string, Seen>();
  const addressOf = (tenantId: string): RowAddress => ({ client, partitionKey: encodeKey(tenantId), rowKey: "newest" });
  return {
    async seen(tenantId, newest) {
      const seen = tenants.get(tenantId) ?? { arrivals: new Map(), written: new Set(), nextWriteAt: 0 };
      tenants.set(tenantId, seen);
      for (const [category, at] of newest)
        seen.arrivals.set(category, withArrival(seen.arrivals.get(category) ?? [], at));
      const unseen = [...seen.arrivals.keys()].some((category) => !seen.written.has(category));
      if (unseen || clock.now() >= seen.nextWriteAt) await store(addressOf(tenantId), seen, clock.now());
    },
    async all(tenantId) {
      return raise(stored(await readVersion(addressOf(tenantId))), tenants.get(tenantId)?.arrivals ?? new Map());
    },
  };
}

/** Marked before the write, so that calls meanwhile do not write too; a failed write is due again at once. */
async function store(address: RowAddress, seen: Seen, now: number): Promise<void> {
  const arrivals = new Map(seen.arrivals);
  const categories = [...arrivals.keys()].filter((category) => !seen.written.has(category));
  for (const category of categories) seen.written.add(category);
  seen.nextWriteAt = now + writeEveryMs;
  try {
    await updateVersion(address, (current) => {
      const before = stored(current);
      const after = raise(before, arrivals);
      return isHigher(after, before) ? Object.fromEntries(after) : null;
    });
  } catch (error) {
    for (const category of categories) seen.written.delete(category);
    seen.nextWriteAt = 0;
    throw error;
  }
  for (const [category, carried] of arrivals) seen.arrivals.set(category, since(seen.arrivals.get(category), carried));
}

/** What was written has had its say. */
function since(arrivals: Arrivals = [], carried: Arrivals): Arrivals {
  const until = carried.at(-1)?.[1] ?? Number.NEGATIVE_INFINITY;
  return arrivals.filter(([, to]) => to > until);
}

function stored(version: Version): ReadonlyMap<string, LogRhythm> {
  return new Map(version.etag === null ? [] : Object.entries(Stored.parse(version.value)));
}

function raise(
  known: ReadonlyMap<string, LogRhythm>,
  arrivals: ReadonlyMap<string, Arrivals>,
): ReadonlyMap<string, LogRhythm> {
  const raised = new Map(known);
  for (const [category, seen] of arrivals) {
    const rhythm = withArrivals(known.get(category), seen);
    if (rhythm !== undefined) raised.set(category, rhythm);
  }
  return raised;
}

function isHigher(after: ReadonlyMap<string, LogRhythm>, before: ReadonlyMap<string, LogRhythm>): boolean {
  return [...after].some(([category, { last }]) => last > (before.get(category)?.last ?? Number.NEGATIVE_INFINITY));
}
