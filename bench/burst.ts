/** A thousand identities at once: how long until the last is disabled, against what Graph's quotas allow at best. */
import { composeApp, deliveryOf, fillDependencies } from "./app.ts";
import { raisedCaps, type Victim } from "./backdrop/contract.ts";
import { type RemoteBackdrop, startBackdrop } from "./backdrop/start.ts";
import { consumePlans, createCountdown, eventsInBatch } from "./plans-hub.ts";
import type { BenchResult } from "./result.ts";

const graphLatencyMs = 30;
const identities = 1_000;
/** Microsoft Graph, throttling limits: writes of one application in one tenant, 3,000 in 150 s. */
const writesPerSecond = 3_000 / 150;
/** The same page, resource units of the smallest tenant: 3,500 in 10 s. A snapshot of `accountEnabled` and a PATCH cost one each. */
const resourceUnitsPerSecond = 3_500 / 10;
const patienceMs = 10 * 60_000;

/** Buckets that are empty when the burst comes: nothing was saved up before. Budget 1.1 of the busiest lane's demand. */
export async function run(): Promise<BenchResult[]> {
  const caps = Object.entries(raisedCaps).map(([name, cap]) => `${name} ${cap}`);
  console.error(`burst: caps raised in the bench's own policy: ${caps.join(", ")}`);
  const backdrop = await startBackdrop(graphLatencyMs);
  try {
    return await measure(backdrop);
  } finally {
    await backdrop.stop();
  }
}

async function measure(backdrop: RemoteBackdrop): Promise<BenchResult[]> {
  const stage = await backdrop.stage();
  const countdown = createCountdown(patienceMs);
  const app = await composeApp({
    stage,
    lanes: "documented",
    onAnswered: (_request, answer) => answer.ok && countdown.one(),
  });
  const victims = await addAll(backdrop);
  await fillDependencies(app, victims);
  const consumer = await consumePlans(app, stage.env.EventHubs ?? "");
  try {
    const records = await backdrop.raiseRisk(victims);
    const done = countdown.after(victims.length);
    await backdrop.startQuotas();
    const startedAt = performance.now();
    for (let at = 0; at < records.length; at += eventsInBatch) {
      await app.ingest(records.slice(at, at + eventsInBatch).map((body) => deliveryOf(body, Date.now())));
    }
    await done;
    const seconds = (performance.now() - startedAt) / 1_000;
    const { requests, throttled } = await backdrop.traffic();
    return resultsOf(seconds, requests, throttled);
  } finally {
    await consumer.close();
  }
}

/** In portions: each is one message to the process that plays Azure. */
async function addAll(backdrop: RemoteBackdrop): Promise<readonly Victim[]> {
  const all: Victim[] = [];
  while (all.length < identities) all.push(...(await backdrop.addVictims(Math.min(250, identities - all.length))));
  return all;
}

function resultsOf(seconds: number, requests: number, throttled: number): BenchResult[] {
  const demands = [identities / writesPerSecond, (2 * identities) / resourceUnitsPerSecond];
  const atBest = Math.max(...demands);
  const lower = "lower" as const;
  const refused = throttled / requests;
  return [
    {
      name: "burst",
      value: seconds,
      unit: "s",
      baseline: atBest,
      ratio: seconds / atBest,
      budget: 1.1,
      direction: lower,
    },
    {
      name: "burst-429",
      value: throttled,
      unit: "answers",
      baseline: requests,
      ratio: refused,
      budget: 0.01,
      direction: lower,
    },
  ];
}
