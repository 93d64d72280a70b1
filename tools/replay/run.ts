/** The time machine: exported history through the app's own code, with no tenant at all, and what would have come of it. */
import { placeholderTenantId } from "../../shared/config/policy-file.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { type Fields, isFields } from "../../shared/records/fields.ts";
import { tenantOfRecord } from "../../shared/records/raw-record.ts";
import { look, merged, type Opened, type Timed } from "./merge.ts";
import type { Offline } from "./offline/in-hand.ts";
import { createOffline, finish, moveOn, seeToWoken } from "./offline/offline.ts";
import type { ReplayOptions } from "./replay-options.ts";
import { reportOf } from "./report/build.ts";
import { createFeedCounts, type FeedCounts } from "./report/feed-counts.ts";
import type { Report } from "./report/report.ts";
import { createTally } from "./report/tally.ts";
import type { Source } from "./sources/source.ts";

/** The hub delivers so many at once, and the sweep looks this often. */
const batchRecords = 256;
const batchMs = 5_000;
const lateMs = 3600_000;

/**
 * Reads all sources in the order of their records' times. Memory does not grow with them. Throws TerminalError `unreadable` for what
 * is no export at all, before anything is replayed; what cannot be read in an export is in the report.
 */
export async function replay(sources: readonly Source[], options: ReplayOptions): Promise<Report> {
  const counts = createFeedCounts();
  const heard = { bad: counts.bad, seen: options.progress ?? (() => undefined) };
  const opened = await look(sources, heard);
  const tenant = tenantFor(options.policy, opened);
  const policy: Policy = { ...options.policy, tenantId: tenant.id, mode: options.mode ?? "enforce" };
  const tally = createTally();
  const offline = createOffline(policy, options.servicePrincipals ?? null, tally);
  await feed(offline, merged(opened, heard), counts, options);
  await finish(offline);
  return reportOf({ options, policy, tenant, files: sources.map(({ name }) => name), counts, tally, offline });
}

function tenantFor({ tenantId }: Policy, opened: readonly Opened[]): Report["tenant"] {
  if (tenantId !== placeholderTenantId) return { id: tenantId, from: "policy" };
  const records = opened.flatMap(({ first }) => first.map(({ record }) => record)).filter(isFields);
  const named = records.map(tenantOfRecord).find((tenant) => tenant !== null && guid.test(tenant));
  return named == null ? { id: tenantId, from: "nowhere" } : { id: named, from: "first record" };
}

const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

async function feed(offline: Offline, records: AsyncIterable<Timed>, counts: FeedCounts, options: ReplayOptions) {
  let batch: Timed[] = [];
  const flush = async () => {
    const full = batch;
    batch = [];
    await feedBatch(offline, full, counts);
  };
  for await (const one of records) {
    counts.read += 1;
    counts.sources.add(one.source);
    if (!isWanted(one, counts, options)) continue;
    const [first] = batch;
    if (first !== undefined && (batch.length >= batchRecords || one.at - first.at > batchMs)) await flush();
    batch.push(one);
  }
  await flush();
}

function isWanted({ at, isOwn }: Timed, counts: FeedCounts, { from = null, to = null }: ReplayOptions): boolean {
  if (!isOwn) counts.withoutTime += 1;
  if (from === null && to === null) return true;
  const isWithin = isOwn && at >= (from ?? Number.NEGATIVE_INFINITY) && at < (to ?? Number.POSITIVE_INFINITY);
  if (!isWithin) counts.outsideTime += 1;
  return isWithin;
}

async function feedBatch(offline: Offline, batch: readonly Timed[], counts: FeedCounts): Promise<void> {
  const { services, ids, ingest, tally } = offline;
  const last = batch.at(-1);
  if (last === undefined) return;
  await moveOn(offline, last.at);
  const enqueuedAt = services.clock.now();
  for (const { at, isOwn } of batch) {
    if (enqueuedAt - at > lateMs) counts.late += 1;
    else if (isOwn) counts.spans(at);
  }
  const bodies = batch.map((one) => withTenant(one, services.policy.tenantId));
  for (const body of bodies) ids.note(body);
  const deliveries = batch.map(({ source, number }, i) => ({
    body: bodies[i],
    enqueuedAt,
    origin: { hub: source, partition: "0", sequenceNumber: number },
  }));
  const { events, duplicates, ignored } = await ingest(deliveries);
  counts.events += events;
  counts.duplicates += duplicates;
  for (const [reason, count] of ignored) tally.ignored.add(reason, count);
  await seeToWoken(offline);
}

/** Graph's lists and some tables name no tenant: they are of the tenant that was asked for them. */
function withTenant({ record, ofAskedTenant }: Timed, tenantId: string): unknown {
  return ofAskedTenant && isFields(record) ? ({ ...record, tenantId } satisfies Fields) : record;
}
