/** Identities a second from record to disabled, against a floor that only sends the same requests. */
import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { raisedCaps } from "./backdrop/contract.ts";
import type { BenchResult } from "./result.ts";
import { median } from "./statistics.ts";

const graphLatencyMs = 30;
const identities = 256;
const rounds = 5;
const main = fileURLToPath(new URL("./throughput/process.ts", import.meta.url));

/** Every run has a tenant and tables of its own, equal at the start; ours and the floor in turn, medians. */
export async function run(): Promise<BenchResult[]> {
  const caps = Object.entries(raisedCaps).map(([name, cap]) => `${name} ${cap}`);
  console.error(`throughput: caps raised in the bench's own policy: ${caps.join(", ")}`);
  const folder = await mkdtemp(join(tmpdir(), "tourniquet-bench-"));
  try {
    return [await measure(join(folder, "requests.json"))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(file: string): Promise<BenchResult> {
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(perSecond(await inProcess("ours", file)));
    floor.push(perSecond(await inProcess("floor", file)));
  }
  const [value, baseline] = [median(ours), median(floor)];
  const ratio = value / baseline;
  return { name: "throughput", value, unit: "identities/s", baseline, ratio, budget: 0.8, direction: "higher" };
}

function perSecond(elapsedMs: number): number {
  return (identities * 1_000) / elapsedMs;
}

/** Answers ms. */
function inProcess(whose: "ours" | "floor", file: string): Promise<number> {
  const child = fork(main, [whose, file, String(graphLatencyMs), String(identities)]);
  return new Promise((resolve, reject) => {
    child.once("message", (elapsedMs) => resolve(Number(elapsedMs)));
    child.once("exit", (code) => reject(new Error(`The run of ${whose} ended with code ${code} and no result.`)));
  });
}
