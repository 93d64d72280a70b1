/** One run of the app: records in, through the real plans hub, until Graph has answered the last disable. */
import { setTimeout as sleep } from "node:timers/promises";
import { EventHubConsumerClient, latestEventPosition } from "@azure/event-hubs";
import { hubs } from "../../shared/domain/hubs.ts";
import { parseWoken, runDue } from "../../shared/engine/run-due.ts";
import { type BenchApp, composeApp, deliveryOf, fillDependencies } from "../app.ts";
import type { Victim } from "../backdrop/contract.ts";
import type { RemoteBackdrop } from "../backdrop/start.ts";
import { type Recorded, record } from "./recorded.ts";

/** as host.json has it */
const eventsInBatch = 100;
const warmUp = 64;
const settlingMs = 2_000;
const patience = 120_000;

export interface OurRun {
  /** from the first record in to the last disable answered */
  readonly elapsedMs: number;
  readonly requests: readonly Recorded[];
  readonly victims: readonly Victim[];
  /** what went before, for whoever has to begin where this run began */
  readonly earlier: readonly Recorded[];
}

export async function runOurs(backdrop: RemoteBackdrop, identities: number): Promise<OurRun> {
  const stage = await backdrop.stage();
  const recorder = record(stage.graphUrl);
  const disabled = createCountdown();
  const [warming, victims] = await castOf(backdrop, identities);
  const app = await composeApp({ stage, tablePolicy: recorder.policy, onAnswered: () => disabled.one() });
  await fillDependencies(app, [...warming, ...victims]);
  const consumer = await consume(app, stage.env.EventHubs ?? "");
  try {
    const feed = async (some: readonly Victim[]) => {
      const records = await backdrop.raiseRisk(some);
      const done = disabled.after(some.length);
      const startedAt = performance.now();
      for (let at = 0; at < records.length; at += eventsInBatch) {
        await app.ingest(records.slice(at, at + eventsInBatch).map((body) => deliveryOf(body, Date.now())));
      }
      await done;
      return { startedAt, endedAt: performance.now() };
    };
    await feed(warming);
    await sleep(settlingMs); // what follows a disable belongs to the warming
    const earlier = [...recorder.requests];
    const { startedAt, endedAt } = await feed(victims);
    const requests = recorder.requests.filter(({ sentAt }) => sentAt >= startedAt && sentAt <= endedAt);
    return { elapsedMs: endedAt - startedAt, requests, victims, earlier };
  } finally {
    await consumer.close();
    recorder.stop();
  }
}

/** The same identities in every run, when asked for first: the twin's ids follow from its seed, in the order of asking. */
export async function castOf(
  backdrop: RemoteBackdrop,
  identities: number,
): Promise<[warming: readonly Victim[], victims: readonly Victim[]]> {
  const all = await backdrop.addVictims(warmUp + identities);
  return [all.slice(0, warmUp), all.slice(warmUp)];
}

/** As the trigger does: one reader, one batch at a time. */
async function consume({ services, writer }: BenchApp, connection: string): Promise<{ close(): Promise<void> }> {
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

function createCountdown() {
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
        const late = () => reject(new Error(`${left} of ${count} identities were not disabled in ${patience} ms.`));
        const timer = setTimeout(late, patience);
        finish = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
