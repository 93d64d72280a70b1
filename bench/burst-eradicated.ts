/** Many identities at once, each with credentials of every sort: how long, and how many Graph calls, until none is left. */
import { setTimeout as sleep } from "node:timers/promises";
import { identityKey } from "../shared/domain/identity.ts";
import { loadPartition, readAll } from "../shared/engine/rows/partition.ts";
import { StageRow } from "../shared/engine/rows/rows.ts";
import { sweep } from "../shared/engine/run/sweep.ts";
import { type BenchApp, composeApp, deliveryOf, fillDependencies } from "./app.ts";
import { unattended, type Victim } from "./backdrop/contract.ts";
import { type RemoteBackdrop, startBackdrop } from "./backdrop/start.ts";
import { consumePlans } from "./plans-hub.ts";
import type { BenchResult } from "./result.ts";

const graphLatencyMs = 30;
const identities = 20;
/** `$select=keyCredentials`, 150 a minute for the whole tenant; both objects of an identity have to be looked at. */
const keyReadsPerSecond = 150 / 60;
const keyReads = 2;
/** The disable, two secrets, a certificate, a federated credential, an app role, and the confirmation of the risk. */
const changes = 7;
const sweepEveryMs = 2_000;
const patienceMs = 15 * 60_000;

export async function run(): Promise<BenchResult[]> {
  const lines = Object.entries(unattended).map(([path, value]) => `${path} ${value}`);
  console.error(`burst-eradicated: changed in the bench's own policy: ${lines.join(", ")}`);
  const backdrop = await startBackdrop(graphLatencyMs, "unattended");
  try {
    return await measure(backdrop);
  } finally {
    await backdrop.stop();
  }
}

async function measure(backdrop: RemoteBackdrop): Promise<BenchResult[]> {
  const stage = await backdrop.stage();
  const app = await composeApp({ stage, lanes: "documented" });
  const victims = await backdrop.addVictims(identities, "many");
  await fillDependencies(app, victims);
  const consumer = await consumePlans(app, stage.env.EventHubs ?? "");
  try {
    const records = await backdrop.raiseRisk(victims);
    await backdrop.startQuotas();
    const startedAt = performance.now();
    await app.ingest(records.map((body) => deliveryOf(body, Date.now())));
    await eradicated(app, victims);
    const seconds = (performance.now() - startedAt) / 1_000;
    const { requests } = await backdrop.traffic();
    return resultsOf(seconds, requests / identities);
  } finally {
    await consumer.close();
  }
}

/** The timer's part is played here: what was put off comes again. */
async function eradicated(app: BenchApp, victims: readonly Victim[]): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  let left = victims;
  while (left.length > 0) {
    if (performance.now() > giveUpAt) throw new Error(`${left.length} identities were not eradicated in time.`);
    await sleep(sweepEveryMs);
    await sweep(app.services);
    const done = await Promise.all(left.map((victim) => isEradicated(app, victim)));
    left = left.filter((_, i) => !done[i]);
  }
}

async function isEradicated({ services }: BenchApp, { appId }: Victim): Promise<boolean> {
  const key = identityKey(services.policy.tenantId, appId);
  const partition = await loadPartition(services.stores.identities, key);
  const stages = readAll(partition, "stage|", StageRow).map(({ value }) => value);
  const stuck = stages.find(({ status }) => !["pending", "running", "done"].includes(status));
  if (stuck !== undefined) {
    throw new Error(`A stage of ${appId} is ${stuck.status} (${stuck.reasons.join("; ")}); this measures nothing.`);
  }
  return stages.length === 2 && stages.every(({ status }) => status === "done");
}

/** No promise is made of these, so the budget only says from where on somebody should look. */
function resultsOf(seconds: number, calls: number): BenchResult[] {
  const atBest = (identities * keyReads) / keyReadsPerSecond;
  const lower = "lower" as const;
  return [
    {
      name: "burst-eradicated",
      value: seconds,
      unit: "s",
      baseline: atBest,
      ratio: seconds / atBest,
      budget: 5,
      direction: lower,
    },
    {
      name: "burst-eradicated-calls",
      value: calls,
      unit: "calls/identity",
      baseline: changes,
      ratio: calls / changes,
      budget: 10,
      direction: lower,
    },
  ];
}
