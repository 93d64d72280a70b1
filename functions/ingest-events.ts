/** Event Hub batch of log records → engine.ingest. Throws only for retryable storage errors: the retry policy holds the partition. */
import type { InvocationContext } from "@azure/functions";
import type { LogEvent } from "../shared/ports/signals.ts";
import type { App } from "./app.ts";
import { deliveriesOf } from "./event-hub-batch.ts";

export function ingestEvents(app: () => Promise<App>, hub: string) {
  return async (bodies: unknown, context: InvocationContext): Promise<void> => {
    const { ingest, services } = await app();
    const batch = deliveriesOf(hub, Array.isArray(bodies) ? bodies : [bodies], context, services.clock.now());
    const summary = await ingest(batch);
    if (summary.events === 0 && summary.deadLetters === 0) return;
    services.logger.info("A batch was read", {
      event: "batch.read" satisfies LogEvent,
      hub,
      bodies: batch.length,
      events: summary.events,
      findings: summary.findings,
      duplicates: summary.duplicates,
      deadLetters: summary.deadLetters,
    });
  };
}
