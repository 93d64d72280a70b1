/** A scan of a hundred thousand service principals: its time against a bare paging loop, its memory an identity, its calls of Graph. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { composeApp } from "./app.ts";
import type { Stage } from "./backdrop/contract.ts";
import { type RemoteBackdrop, startBackdrop } from "./backdrop/start.ts";
import type { BenchResult } from "./result.ts";
import { median } from "./statistics.ts";
import { type PagesRead, readBare } from "./unused/bare-loop.ts";
import type { Measured, Peak } from "./unused/memory-process.ts";
import { type ScanDone, scanWhole } from "./unused/scan-whole.ts";

const size = { servicePrincipals: 100_000, applications: 150_000 };
/**
 * A page of 999 is no call of 30 ms. Graph lets a tenant have 150 pages with certificates a minute and five of a report in ten seconds, that
 * is one each 400 ms and each 2 s: a quarter of the shorter is faster than any scan could go on, and leaves little time to hide work in.
 */
const pageLatencyMs = 100;
const rounds = 2;
const kilobyte = 1024;
const memoryProcess = fileURLToPath(new URL("./unused/memory-process.ts", import.meta.url));

/** Memory first, and then ms of one bare loop and of one scan in turn, medians: each scan finds the verdicts of the last. */
export async function run(): Promise<BenchResult[]> {
  const backdrop = await startBackdrop(0);
  try {
    await backdrop.fillTenant(size);
    const stage = await backdrop.stage();
    const memory = await measureMemory(stage);
    await backdrop.answerAfter(pageLatencyMs);
    return [...(await measureTime(backdrop, stage)), ...memory];
  } finally {
    await backdrop.stop();
  }
}

async function measureTime(backdrop: RemoteBackdrop, stage: Stage): Promise<BenchResult[]> {
  const { services, token } = await composeApp({ stage });
  const bare: PagesRead[] = [];
  const scans: (ScanDone & { readonly calls: number })[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(await readBare(stage.graphUrl, await token()));
    const { requests: before } = await backdrop.traffic();
    const scan = await scanWhole(services);
    const { requests: after } = await backdrop.traffic();
    scans.push({ ...scan, calls: after - before });
  }
  const [value, baseline] = [medianMs(scans), medianMs(bare)];
  const calls = Math.max(...scans.map((one) => one.calls));
  const { counts } = scans.at(-1) ?? {};
  console.error(`unused-scan: ${JSON.stringify(size)}, judged ${JSON.stringify(counts)}`);
  return [
    resultOf("unused-scan", value, "ms", baseline, 1.2),
    resultOf("unused-scan-calls", calls, "requests", bare[0]?.least ?? Number.NaN, 1.02),
  ];
}

function medianMs(all: readonly { readonly elapsedMs: number }[]): number {
  return median(all.map(({ elapsedMs }) => elapsedMs));
}

/** The baseline is what may be spent on each identity that is judged. */
async function measureMemory(stage: Stage): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const [name, measured] of [
    ["unused-scan-memory", "size"],
    ["unused-scan-held", "held"],
  ] as const) {
    const { bytes, identities } = await inProcess(measured, stage);
    results.push(resultOf(name, bytes / identities, "bytes", kilobyte, 1));
  }
  return results;
}

function inProcess(measured: Measured, stage: Stage): Promise<Peak> {
  const child = fork(memoryProcess, [measured, JSON.stringify(stage)], { execArgv: ["--expose-gc"] });
  return new Promise((resolve, reject) => {
    child.once("message", (peak) => resolve(peak as Peak));
    child.once("exit", (code) => reject(new Error(`The scan that is measured ended with code ${code} and no result.`)));
  });
}

function resultOf(name: string, value: number, unit: string, baseline: number, budget: number): BenchResult {
  return { name, value, unit, baseline, ratio: value / baseline, budget, direction: "lower" };
}
