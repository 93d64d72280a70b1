/** Reads the plans hub as the trigger does, and counts answers down. */
import { EventHubConsumerClient, latestEventPosition } from "@azure/event-hubs";
import { hubs } from "../shared/domain/hubs.ts";
import { parseWoken, runDue } from "../shared/engine/run/run-due.ts";
import type { BenchApp } from "./app.ts";

/** as host.json has it */
export const eventsInBatch = 100;

/** As the trigger does: one reader, one batch at a time. */
export async function consumePlans(
  { services, writer }: BenchApp,
  connection: string,
): Promise<{ close(): Promise<void> }> {
  const consumer = new EventHubConsumerClient("$Default", connection, hubs.plans);
  let batch = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    consumer.subscribe(
      {
        async processInitialize() {
          resolve();
        },
        async processEvents(events) {
          const bodies = events.map(({ body }) => body);
          batch = runDue(writer, parseWoken(services, bodies));
          await batch;
        },
        async processError(error) {
          reject(error);
        },
      },
      { maxBatchSize: eventsInBatch, maxWaitTimeInSeconds: 1, startPosition: latestEventPosition },
    );
  });
  return {
    /** What is under way is finished, so that nothing is left that talks to a tenant that is gone. */
    async close() {
      await consumer.close();
      await batch;
    },
  };
}

/** Counts what is still to be answered. */
export function createCountdown(patienceMs: number) {
  let left = 0;
  let finish = (): void => undefined;
  return {
    one() {
      left -= 1;
      if (left === 0) finish();
    },
    /** Settles when so many more were answered. */
    after(count: number): Promise<void> {
      left = count;
      return new Promise((resolve, reject) => {
        const late = () => reject(new Error(`${left} of ${count} identities were not disabled in ${patienceMs} ms.`));
        const timer = setTimeout(late, patienceMs);
        finish = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
