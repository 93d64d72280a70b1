/**
 * Delivers the notices of one identity: to the `outcomes` hub and to people, over each channel at least once, each on its own, so
 * that a webhook that is down holds nothing else up and nothing is told twice over the one that works. What a channel did not take
 * stays and is due again.
 */
import { describeError, RetryableError, TerminalError } from "../../domain/errors.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Notice, Said } from "../../ports/outbox.ts";
import type { Services } from "../../ports/services.ts";
import { putDue } from "./due.ts";
import { historyMs, shortMs } from "./expiry.ts";
import { Draft, loadPartition, type Partition, readAll } from "./partition.ts";
import { NoticeRow, rowKey } from "./rows.ts";
import { sealHeads, unsealedHeads } from "./seal-heads.ts";
import { tellPeople } from "./tell-people.ts";

/** As the hub is called beside the notifiers. */
const outcomesHub = "outcomes";

/** An entity group transaction holds 100 rows at most; some are left to threads and to what else is settled with them. */
const atOnce = 80;

const raceAgainMs = 1_000;
const soonestMs = 5_000;
const againMs = 30_000;
const mendedMs = 5 * 60_000;
const latestMs = 10 * 60_000;

/** Epoch ms at which it is due again, as the due row says; null: nothing is left to deliver. */
export async function deliverNotices(services: Services, key: IdentityKey): Promise<number | null> {
  const partition = await loadPartition(services.stores.identities, key);
  return deliverFrom(services, partition);
}

/**
 * A page must not stand in line behind the burst that it is about: delivered at once. What fails is not thrown, since the due row that
 * was put for it delivers it later.
 */
export async function deliverNow(services: Services, key: IdentityKey): Promise<void> {
  try {
    await deliverNotices(services, key);
  } catch (error) {
    services.logger.warn("Notices stay for the next delivery", { identity: key, error: describeError(error) });
  }
}

/** By channel, why it takes no more for now. */
type Failures = Map<string, NonNullable<Said["failure"]>>;

interface OutRow {
  readonly id: string;
  value: NoticeRow;
}

export async function deliverFrom(services: Services, partition: Partition): Promise<number | null> {
  const rows = readAll(partition, "out|", NoticeRow).map(({ id, value }): OutRow => ({ id, value }));
  rows.sort((a, b) => a.value.notice.at.localeCompare(b.value.notice.at));
  const failures: Failures = new Map();
  const batches = [...inTransactions(rows, services.notifiers.length)];
  const isOpen = () => batches.length > 0 || (!failures.has(outcomesHub) && unsealedHeads(partition).length > 0);
  while (isOpen()) {
    const some = batches.shift() ?? [];
    const draft = await deliverSome(services, partition, some, failures);
    if (failures.size > 0) await dueAgain(services, partition.key, rows, failures);
    if (!(await draft.commit(services.stores.identities))) return raceLost(services, partition.key);
  }
  return failures.size === 0 ? null : againAt(services, failures);
}

/** Another delivery of the same rows was faster: told twice at worst, with the same ids. It may have seen fewer of them. */
async function raceLost(services: Services, identity: IdentityKey): Promise<number> {
  const again = services.clock.now() + raceAgainMs;
  await putDue(services, { kind: "deliver", identity }, again);
  return again;
}

/** Oldest first; as many as one transaction holds with a row for each thread of each notifier. */
function inTransactions(rows: readonly OutRow[], notifiers: number): readonly (readonly OutRow[])[] {
  const batches: OutRow[][] = [];
  let threads = new Set<string | null>();
  for (const row of rows) {
    const { incidentId } = row.value.notice;
    const batch = batches.at(-1);
    const withIt = new Set(threads).add(incidentId);
    if (batch !== undefined && batch.length + 1 + withIt.size * notifiers <= atOnce) {
      batch.push(row);
      threads = withIt;
    } else {
      batches.push([row]);
      threads = new Set([incidentId]);
    }
  }
  return batches;
}

/** Sends over every channel that has not failed yet, and answers the change that says so. */
async function deliverSome(
  services: Services,
  partition: Partition,
  rows: readonly OutRow[],
  failures: Failures,
): Promise<Draft> {
  const draft = new Draft(partition);
  await Promise.all([
    publish(services, rows, failures),
    seal(services, draft, failures),
    ...services.notifiers.map((notifier) => tellOver(services, draft, rows, failures, notifier)),
  ]);
  for (const { id, value } of rows) {
    const key = rowKey.notice(id);
    const stored = partition.rows.get(key);
    if (isDelivered(services, value)) draft.remove(key);
    else if (JSON.stringify(stored?.value) !== JSON.stringify(value)) {
      draft.put(key, value, services.clock.now() + shortMs);
    }
  }
  return draft;
}

async function publish(services: Services, rows: readonly OutRow[], failures: Failures): Promise<void> {
  const unpublished = rows.filter(({ value }) => !value.published);
  if (unpublished.length === 0 || failures.has(outcomesHub)) return;
  try {
    await services.outcomes.publish(unpublished.map(({ value }) => value.notice));
    for (const row of unpublished) {
      row.value = { ...row.value, published: true };
      const { event, urgency } = row.value.notice;
      services.telemetry.add("tourniquet.notices", 1, { "tourniquet.notice": event, "tourniquet.urgency": urgency });
    }
  } catch (error) {
    noteFailure(services, failures, outcomesHub, asFailure(error));
  }
}

/** Heads of the ledger that moved: what is not sealed stays due like a notice. */
async function seal(services: Services, draft: Draft, failures: Failures): Promise<void> {
  if (failures.has(outcomesHub)) return;
  try {
    await sealHeads(services, draft);
  } catch (error) {
    noteFailure(services, failures, outcomesHub, asFailure(error));
  }
}

type ANotifier = Services["notifiers"][number];

async function tellOver(
  services: Services,
  draft: Draft,
  rows: readonly OutRow[],
  failures: Failures,
  notifier: ANotifier,
): Promise<void> {
  const untold = rows.filter(({ value }) => !value.notified.includes(notifier.id));
  if (untold.length === 0 || failures.has(notifier.id)) return;
  const notices: readonly Notice[] = untold.map(({ value }) => value.notice);
  const { told, threads, failure } = await tellPeople(notifier, draft.partition, notices, services.logger);
  for (const row of untold) {
    if (told.has(row.value.notice.id))
      row.value = { ...row.value, notified: [...row.value.notified, notifier.id].sort() };
  }
  for (const [key, state] of threads) draft.put(key, { state }, services.clock.now() + historyMs);
  if (failure !== null) noteFailure(services, failures, notifier.id, failure);
}

function isDelivered({ notifiers }: Services, { published, notified }: NoticeRow): boolean {
  return published && notifiers.every(({ id }) => notified.includes(id));
}

function noteFailure(
  { logger }: Services,
  failures: Failures,
  channel: string,
  failure: NonNullable<Said["failure"]>,
): void {
  failures.set(channel, failure);
  logger.warn("Notices could not be delivered and stay for the next try", { channel, error: describeError(failure) });
}

function asFailure(error: unknown): NonNullable<Said["failure"]> {
  if (error instanceof RetryableError || error instanceof TerminalError) return error;
  return new RetryableError("The hub could not be reached.", { code: "outcomes-unreachable", cause: error });
}

/** Put before the commit. The wish says what waits for whom, so that the health answer need not look at every identity. */
async function dueAgain(
  services: Services,
  identity: IdentityKey,
  rows: readonly OutRow[],
  failures: Failures,
): Promise<void> {
  const waits = Object.fromEntries(
    [...failures].map(([channel, { code }]) => {
      const left = rows.filter(({ value }) =>
        channel === outcomesHub ? !value.published : !value.notified.includes(channel),
      );
      return [
        channel,
        { notices: left.length, since: left[0]?.value.notice.at ?? isoAt(services.clock.now()), error: code },
      ];
    }),
  );
  await putDue(services, { kind: "deliver", identity, waits }, againAt(services, failures));
}

function againAt({ clock }: Services, failures: Failures): number {
  const pauses = [...failures.values()].map((failure) =>
    failure instanceof TerminalError ? mendedMs : (failure.retryAfterMs ?? againMs),
  );
  return clock.now() + Math.min(latestMs, Math.max(soonestMs, Math.min(...pauses)));
}
