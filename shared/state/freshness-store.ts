/** When the newest record of each category came: one row a tenant in the table `freshness`, only ever moving forward. */
import type { TableClient } from "@azure/data-tables";
import { z } from "zod";
import type { Clock } from "../ports/clock.ts";
import type { FreshnessStore } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { type RowAddress, readVersion, updateVersion, type Version } from "./versioned-row.ts";

const writeEveryMs = 30_000;
const Stored = z.record(z.string(), z.number());

/** What this process has seen of one tenant. Up to 30 s of it is not stored yet. */
interface Seen {
  readonly newest: Map<string, number>;
  /** categories that a write has carried */
  readonly written: Set<string>;
  nextWriteAt: number;
}

export function createFreshnessStore(client: TableClient, clock: Clock): FreshnessStore {
  const tenants = new Map<string, Seen>();
  const addressOf = (tenantId: string): RowAddress => ({ client, partitionKey: encodeKey(tenantId), rowKey: "newest" });
  return {
    async seen(tenantId, newest) {
      const seen = tenants.get(tenantId) ?? { newest: new Map(), written: new Set(), nextWriteAt: 0 };
      tenants.set(tenantId, seen);
      raise(seen.newest, newest);
      const unseen = [...seen.newest.keys()].some((category) => !seen.written.has(category));
      if (unseen || clock.now() >= seen.nextWriteAt) await store(addressOf(tenantId), seen, clock.now());
    },
    async all(tenantId) {
      const all = new Map(Object.entries(stored(await readVersion(addressOf(tenantId)))));
      return raise(all, tenants.get(tenantId)?.newest ?? new Map());
    },
  };
}

/** Marked before the write, so that calls meanwhile do not write too; a failed write is due again at once. */
async function store(address: RowAddress, seen: Seen, now: number): Promise<void> {
  const categories = [...seen.newest.keys()].filter((category) => !seen.written.has(category));
  for (const category of categories) seen.written.add(category);
  seen.nextWriteAt = now + writeEveryMs;
  try {
    await updateVersion(address, (current) => {
      const before = stored(current);
      const after = Object.fromEntries(raise(new Map(Object.entries(before)), seen.newest));
      return isHigher(after, before) ? after : null;
    });
  } catch (error) {
    for (const category of categories) seen.written.delete(category);
    seen.nextWriteAt = 0;
    throw error;
  }
}

function stored(version: Version): Record<string, number> {
  return version.etag === null ? {} : Stored.parse(version.value);
}

function raise(target: Map<string, number>, by: ReadonlyMap<string, number>): Map<string, number> {
  for (const [category, at] of by) target.set(category, Math.max(at, target.get(category) ?? at));
  return target;
}

function isHigher(after: Record<string, number>, before: Record<string, number>): boolean {
  return Object.entries(after).some(([category, at]) => at > (before[category] ?? Number.NEGATIVE_INFINITY));
}
