/** Every 10 s: publishes what is due. The due index is all it reads; the hub only wakes, so a lost message comes again here. */

import { DueMessage } from "../domain/due.ts";
import { RetryableError } from "../domain/errors.ts";
import type { Services } from "../ports/services.ts";
import { publishedAgainMs } from "./due.ts";

const atOnce = 500;
const purgeAtOnce = 500;

/** Answers how many were published. */
export async function sweep(services: Services): Promise<number> {
  const { due } = services.stores;
  const { tenantId } = services.policy;
  const now = services.clock.now();
  const rows = await due.due(tenantId, now, atOnce);
  const messages = rows.flatMap((row) => {
    const message = DueMessage.safeParse(row.message);
    return message.success ? [{ ...message.data, attempts: row.attempts }] : [];
  });
  if (messages.length > 0) await services.queue.publish(messages);
  // Published: not again before the writer had its time. A crash before this publishes twice, which finds its work done.
  await Promise.all(rows.map((row) => due.put({ ...row, wakeAt: now + publishedAgainMs })));
  return messages.length;
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
