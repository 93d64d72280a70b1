/** Due rows: written before the state change they stand for, put again with the next wake-up, removed when the thing is done. */
import { type DueMessage, dueId } from "../domain/due.ts";
import { tenantOf } from "../domain/identity.ts";
import type { Services } from "../ports/services.ts";

/** A message that was published and is not answered for by then is published again by the sweep. */
export const publishedAgainMs = 30_000;

export async function putDue(services: Services, message: DueMessage, wakeAt: number, attempts = 0): Promise<void> {
  const tenantId = tenantOf(message.identity);
  await services.stores.due.put({ id: dueId(message), tenantId, wakeAt, message, attempts });
}

export async function removeDue(services: Services, message: DueMessage): Promise<void> {
  await services.stores.due.remove(tenantOf(message.identity), dueId(message));
}

/** Wakes the writer now. A failure is only logged: the due row is there, and the sweep publishes it. */
export async function wake(services: Services, messages: readonly DueMessage[]): Promise<void> {
  if (messages.length === 0) return;
  try {
    await services.queue.publish(messages);
  } catch (error) {
    services.logger.warn("The writer could not be woken; the sweep will do it", {
      messages: messages.length,
      error: error instanceof Error ? error.message : "unknown",
    });
  }
}
