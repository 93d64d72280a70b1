/** How long a process that starts from nothing takes to disable an identity whose record waits in the hub. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startHost } from "../local/host/spawn.ts";
import { composeApp, fillDependencies } from "./app.ts";
import type { Stage, Victim } from "./backdrop/contract.ts";
import { type RemoteBackdrop, startBackdrop } from "./backdrop/start.ts";
import { bundleApp } from "./bundle.ts";
import type { BenchResult } from "./result.ts";
import { median } from "./statistics.ts";

const graphLatencyMs = 30;
const rounds = 9;
const warmUp = 1;
const lookEveryMs = 25;
/** What follows a disable belongs to its own round: left in the hub, it would take the next one's place in Graph's lanes. */
const settlingMs = 1_500;
const patience = 60_000;

/** Ms from the process's start until the twin has the PATCH; both apps in turn, medians. */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), "tourniquet-bench-"));
  const backdrop = await startBackdrop(graphLatencyMs);
  try {
    const [ours, baseline] = await Promise.all([
      bundleApp("functions/main.ts", join(folder, "app")),
      bundleApp("bench/cold-start-baseline.ts", join(folder, "baseline")),
    ]);
    return [await measure(backdrop, ours, baseline)];
  } finally {
    await backdrop.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(backdrop: RemoteBackdrop, ours: string, baseline: string): Promise<BenchResult> {
  const stage = await backdrop.stage();
  const victims = await backdrop.addVictims(2 * (rounds + warmUp));
  await fillDependencies(await composeApp({ stage }), victims);
  const times = { ours: [] as number[], baseline: [] as number[] };
  for (let round = -warmUp; round < rounds; round++) {
    for (const [whose, appRoot] of [
      ["baseline", baseline],
      ["ours", ours],
    ] as const) {
      const victim = victims[2 * (round + warmUp) + (whose === "ours" ? 1 : 0)];
      if (victim === undefined) throw new Error("The tenant has too few identities.");
      const ms = await startOnce(backdrop, stage, appRoot, victim);
      if (round >= 0) times[whose].push(ms);
    }
  }
  const [value, floor] = [median(times.ours), median(times.baseline)];
  return {
    name: "cold-start",
    value,
    unit: "ms",
    baseline: floor,
    ratio: value / floor,
    budget: 2,
    direction: "lower",
  };
}

async function startOnce(backdrop: RemoteBackdrop, stage: Stage, appRoot: string, victim: Victim): Promise<number> {
  await backdrop.raiseRisk([victim]);
  const startedAt = Date.now();
  const host = await startHost({ appRoot, env: stage.env, quiet: true });
  try {
    for (;;) {
      const writtenAt = await backdrop.firstWriteAt(victim.id);
      if (writtenAt !== null) return writtenAt - startedAt;
      if (Date.now() - startedAt > patience)
        throw new Error(`${victim.id} stays enabled:\n${host.output().join("\n")}`);
      await sleep(lookEveryMs);
    }
  } finally {
    await sleep(settlingMs);
    await host.stop();
  }
}
