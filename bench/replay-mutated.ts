/** A million records that nobody would send, through the time machine: nothing throws, and memory stays where it was. */
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { loadPolicy } from "../shared/config/policy-file.ts";
import { replay } from "../tools/replay/run.ts";
import type { Source } from "../tools/replay/sources/source.ts";
import { benchTenantId } from "./irrelevant-records.ts";
import { mutatedLines } from "./mutations/mutated-lines.ts";
import type { BenchResult } from "./result.ts";

const records = 1_000_000;
const linesAtOnce = 100;
/** What is only made and parsed, for the baseline. */
const compared = 100_000;
/** From then on as many incidents close as open, for the run is twice as long as the policy's quiet time: memory is to stay where it is. */
const settled = 0.6;

/** Throws what the replay throws. */
export async function run(): Promise<BenchResult[]> {
  const baseline = makingAndParsing();
  const policy = loadPolicy(fileURLToPath(new URL("../policy.yaml", import.meta.url)));
  const sizes: number[] = [];
  const started = performance.now();
  await replay([mutatedSource(() => sizes.push(process.memoryUsage.rss()))], {
    policy: { ...policy, tenantId: benchTenantId },
  });
  const value = perSecond(records, performance.now() - started);
  const [early, whole] = [Math.max(...sizes.slice(0, Math.ceil(sizes.length * settled))), Math.max(...sizes)];
  const megabytes = (bytes: number) => bytes / 2 ** 20;
  return [
    {
      name: "replay-mutated",
      value,
      unit: "records/s",
      baseline,
      ratio: value / baseline,
      budget: 0.1,
      direction: "higher",
    },
    {
      name: "replay-mutated-memory",
      value: megabytes(whole),
      unit: "MB",
      baseline: megabytes(early),
      ratio: whole / early,
      budget: 1.25,
      direction: "lower",
    },
  ];
}

/** Records a second. */
function makingAndParsing(): number {
  const started = performance.now();
  for (const line of mutatedLines(compared)) JSON.parse(line);
  return perSecond(compared, performance.now() - started);
}

function perSecond(count: number, elapsedMs: number): number {
  return (count * 1_000) / elapsedMs;
}

/** Made as they are read: a file of them would not fit everywhere. */
function mutatedSource(onChunk: () => void): Source {
  return { name: "mutated records", size: null, open: () => chunks(onChunk) };
}

async function* chunks(onChunk: () => void): AsyncIterable<Uint8Array> {
  let lines: string[] = [];
  for (const line of mutatedLines(records)) {
    lines.push(line);
    if (lines.length < linesAtOnce) continue;
    onChunk();
    yield Buffer.from(lines.join(""));
    lines = [];
  }
  yield Buffer.from(lines.join(""));
}
