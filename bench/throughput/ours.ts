/** One run of the app: records in, through the real plans hub, until Graph has answered the last disable. */
import { setTimeout as sleep } from "node:timers/promises";
import { composeApp, deliveryOf, fillDependencies } from "../app.ts";
import type { Victim } from "../backdrop/contract.ts";
import type { RemoteBackdrop } from "../backdrop/start.ts";
import { consumePlans, createCountdown, eventsInBatch } from "../plans-hub.ts";
import { type Recorded, record } from "./recorded.ts";

const warmUp = 64;
const settlingMs = 2_000;
const patienceMs = 120_000;

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
  const disabled = createCountdown(patienceMs);
  const [warming, victims] = await castOf(backdrop, identities);
  const app = await composeApp({ stage, tablePolicy: recorder.policy, onAnswered: () => disabled.one() });
  await fillDependencies(app, [...warming, ...victims]);
  const consumer = await consumePlans(app, stage.env.EventHubs ?? "");
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
