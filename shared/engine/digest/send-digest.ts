/**
 * Once a day, at 07:00 UTC: what paged nobody, over each channel until it took it. One instance at a time; each channel's row says up
 * to when it was told, so that after an outage the next digest covers what was missed.
 */
import { z } from "zod";
import { describeError } from "../../domain/errors.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Notifier } from "../../ports/outbox.ts";
import type { Services } from "../../ports/services.ts";
import { historyMs } from "../rows/expiry.ts";
import { Draft, loadPartition, type Partition, read } from "../rows/partition.ts";
import { gatherDigest } from "./gather-digest.ts";

const hourMs = 3600_000;
const dayMs = 24 * hourMs;
const sentAtHour = 7;
/** What was missed for longer is in the ledger, and no longer news. */
const longestMs = 7 * dayMs;
const leaseMs = hourMs / 6;
const leaseName = "digest";

const SentRow = z.object({ until: z.string() });

/** Called every few minutes; mostly there is nothing to do. */
export async function sendDigest(services: Services): Promise<void> {
  const { clock, instance, notifiers, stores } = services;
  const now = clock.now();
  if (notifiers.length === 0 || !(await stores.leases.acquire(leaseName, instance, now, now + leaseMs))) return;
  try {
    await sendWhatIsDue(services, lastSending(now));
  } finally {
    await stores.leases.release(leaseName, instance);
  }
}

/** The latest 07:00 UTC that is over. */
function lastSending(now: number): number {
  return Math.floor((now - sentAtHour * hourMs) / dayMs) * dayMs + sentAtHour * hourMs;
}

async function sendWhatIsDue(services: Services, to: number): Promise<void> {
  const { notifiers, policy, stores } = services;
  const partition = await loadPartition(stores.identities, `${policy.tenantId}|digest`);
  const due = notifiers
    .map((notifier) => ({ notifier, from: sentUntil(partition, notifier, to) }))
    .filter(({ from }) => from < to);
  for (const [from, some] of Map.groupBy(due, (one) => one.from)) {
    const digest = await gatherDigest(services, from, to);
    for (const { notifier } of some) {
      try {
        await notifier.digest(digest);
      } catch (error) {
        services.logger.warn("The digest could not be sent and is tried again", {
          channel: notifier.id,
          error: describeError(error),
        });
        continue;
      }
      const row = { until: isoAt(to) };
      const draft = new Draft(partition).put(rowOf(notifier), row, services.clock.now() + historyMs);
      await draft.commit(stores.identities);
    }
  }
}

function rowOf({ id }: Notifier): string {
  return `sent|${id}`;
}

/** Epoch ms; the first digest is of one day. */
function sentUntil(partition: Partition, notifier: Notifier, to: number): number {
  const until = read(partition, rowOf(notifier), SentRow)?.until;
  const sent = until === undefined ? Number.NaN : Date.parse(until);
  return Number.isNaN(sent) ? to - dayMs : Math.max(sent, to - longestMs);
}
