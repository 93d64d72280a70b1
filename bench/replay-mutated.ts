/** A million records that nobody would send, through the time machine: nothing throws, and memory stays where it was. */
import { fileURLToPath } from "node:url";
import { loadPolicy } from "../shared/config/policy-file.ts";
import { replay } from "../tools/replay/run.ts";
import type { Source } from "../tools/replay/sources/source.ts";
import { benchTenantId } from "./irrelevant-records.ts";
import { mutatedLines } from "./mutations/mutated-lines.ts";
import type { BenchResult } from "./result.ts";

const records = 1_000_000;
const linesAtOnce = 100;
/** What is only made, and then only parsed: the one is taken off, the other is the baseline. */
const compared = 20_000;
/** Of what `JSON.parse` alone does of the same records: some 5,000 records a second on a core that parses 140,000 of them. */
const rateBudget = 0.035;
/** From then on as many incidents close as open, for the run is twice as long as the policy's quiet time: memory is to stay where it is. */
const settled = 0.6;

/** By CPU time, so that what else the machine does counts little. Throws what the replay throws. */
export async function run(): Promise<BenchResult[]> {
  const { making, parsing } = makingAndParsing();
  const policy = loadPolicy(fileURLToPath(new URL("../policy.yaml", import.meta.url)));
  const sizes: number[] = [];
  const before = process.cpuUsage();
  await replay([mutatedSource(() => sizes.push(process.memoryUsage.rss()))], {
    policy: { ...policy, tenantId: benchTenantId },
  });
  const value = records / (cpuSecondsSince(before) - making * records);
  const baseline = 1 / parsing;
  const [early, whole] = [Math.max(...sizes.slice(0, Math.ceil(sizes.length * settled))), Math.max(...sizes)];
  const megabytes = (bytes: number) => bytes / 2 ** 20;
  return [
    {
      name: "replay-mutated",
      value,
      unit: "records/s",
      baseline,
      ratio: value / baseline,
      budget: rateBudget,
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

/** CPU seconds a record, of making it and of parsing it. */
function makingAndParsing(): { readonly making: number; readonly parsing: number } {
  const began = process.cpuUsage();
  const lines = [...mutatedLines(compared)];
  const making = cpuSecondsSince(began) / compared;
  const made = process.cpuUsage();
  for (const line of lines) JSON.parse(line);
  return { making, parsing: cpuSecondsSince(made) / compared };
}

function cpuSecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
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
