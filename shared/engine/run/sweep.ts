/** Every 10 s: publishes what is due. The due index is all it reads; the hub only wakes, so a lost message comes again here. */

import { DueMessage } from "../../domain/due.ts";
import { describeError, RetryableError } from "../../domain/errors.ts";
import type { Services } from "../../ports/services.ts";
import type { StoredDueRow } from "../../ports/stores.ts";
import { bodyOf, publishedAgainMs } from "../rows/due.ts";

const atOnce = 500;
const purgeAtOnce = 500;

/** Answers how many were published. */
export async function sweep(services: Services): Promise<number> {
  const { due } = services.stores;
  const { tenantId } = services.policy;
  const now = services.clock.now();
  const rows = await due.due(tenantId, now, atOnce);
  services.telemetry.level("tourniquet.due.age", Math.max(0, now - (rows[0]?.wakeAt ?? now)) / 1000);
  // Not again before the writer had its time, and first, so that the message names the row as it is then.
  const versions = await Promise.all(rows.map((row) => snooze(services, row, now + publishedAgainMs)));
  const bodies = rows.flatMap((row, i) => {
    const message = DueMessage.safeParse(row.message);
    return message.success
      ? [bodyOf({ message: message.data, attempts: row.attempts, version: versions[i] ?? row.version })]
      : [];
  });
  if (bodies.length === 0) return 0;
  await services.queue.publish(bodies);
  services.telemetry.add("tourniquet.wake_ups", bodies.length);
  return bodies.length;
}

/** Published all the same when it could not be put off: what wakes twice finds its work done. Null: changed under us. */
async function snooze({ stores, logger }: Services, row: StoredDueRow, wakeAt: number): Promise<string | null> {
  try {
    return await stores.due.snooze(row, wakeAt);
  } catch (error) {
    logger.warn("A due row could not be put off; it is published again soon", { error: describeError(error) });
    return null;
  }
}

/** Once an hour: rows whose expiry has passed. */
export async function purge(services: Services): Promise<number> {
  try {
    return await services.stores.identities.purgeExpired(services.clock.now(), purgeAtOnce);
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    services.logger.warn("Expired rows could not be purged; the next run does it", { error: error.message });
    return 0;
  }
}
