/** Due rows: written before the state change they stand for, settled with the next wake-up, or removed, when it is seen to. */
import { type DueMessage, dueId } from "../../domain/due.ts";
import { tenantOf } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";

/** A message that was published and is not answered for by then is published again by the sweep. */
export const publishedAgainMs = 30_000;

/** What goes over the hub. */
export interface WakeUp {
  readonly message: DueMessage;
  /** looks before this one, as the due row counts them */
  readonly attempts: number;
  /** of the due row it was sent for, so that a wish made meanwhile outlives the answer to this one; null: not known */
  readonly version: string | null;
}

/** Before the state change. Answers what to wake the writer with after it. */
export async function putDue(services: Pick<Services, "stores">, message: DueMessage, wakeAt: number): Promise<WakeUp> {
  const row = { id: dueId(message), tenantId: tenantOf(message.identity), wakeAt, message, attempts: 0 };
  return { message, attempts: 0, version: await services.stores.due.put(row) };
}

/** What came of a wake-up: `message` at `wakeAt`, or nothing more of it. A wish that came meanwhile stays. */
export async function settleDue(
  services: Services,
  { message, attempts, version }: WakeUp,
  wakeAt: number | null,
): Promise<void> {
  const row = { id: dueId(message), tenantId: tenantOf(message.identity), wakeAt, message, attempts };
  await services.stores.due.settle(row, version);
}

export function bodyOf({ message, attempts, version }: WakeUp): unknown {
  return { ...message, attempts, version };
}

/** Wakes the writer now. A failure is only logged: the due row is there, and the sweep publishes it. */
export async function wake(services: Pick<Services, "logger" | "queue">, wakeUps: readonly WakeUp[]): Promise<void> {
  if (wakeUps.length === 0) return;
  try {
    await services.queue.publish(wakeUps.map(bodyOf));
  } catch (error) {
    services.logger.warn("The writer could not be woken; the sweep will do it", {
      messages: wakeUps.length,
      error: error instanceof Error ? error.message : "unknown",
    });
  }
}
