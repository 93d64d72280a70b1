/** What an irrelevant record costs us above the parse that cannot be avoided. */
import { normalise, openEnvelope } from "../shared/records/index.ts";
import { workloadChange } from "../shared/records/workload-change.ts";
import { benchTenantId, irrelevantRecords } from "./irrelevant-records.ts";
import type { BenchResult } from "./result.ts";
import { median } from "./statistics.ts";

const recordsPerEvent = 30;
const events = 100;
const rounds = 30;

/** CPU per record of opening the envelope and deciding, above `JSON.parse` of the same bytes; medians over rounds. */
export async function run(): Promise<BenchResult[]> {
  const bodies = eventBodies();
  const count = recordsPerEvent * events;
  const parsing: number[] = [];
  const ingesting: number[] = [];
  for (let round = -5; round < rounds; round++) {
    const parse = cpuMicroseconds(() => bodies.forEach(parseOnly));
    const ingest = cpuMicroseconds(() => bodies.forEach(ingestOne));
    if (round < 0) continue; // warming up
    parsing.push(parse / count);
    ingesting.push(ingest / count);
  }
  const baseline = median(parsing);
  const value = Math.max(0, median(ingesting) - baseline);
  return [
    { name: "ingest-cpu", value, unit: "µs/record", baseline, ratio: value / baseline, budget: 1, direction: "lower" },
  ];
}

function eventBodies(): readonly Buffer[] {
  const records = irrelevantRecords(recordsPerEvent * events);
  return Array.from({ length: events }, (_, i) => {
    const some = records.slice(i * recordsPerEvent, (i + 1) * recordsPerEvent);
    return Buffer.from(JSON.stringify({ records: some }));
  });
}

function parseOnly(body: Buffer): void {
  JSON.parse(body.toString("utf8"));
}

function ingestOne(body: Buffer): void {
  for (const opened of openEnvelope(body)) {
    const change = opened.ok ? workloadChange(opened.record, benchTenantId) : null;
    if (change !== null) throw new Error("The bench means to measure records that no workload caused.");
    const outcome = opened.ok ? normalise(opened.record, benchTenantId).outcome : "dead-letter";
    if (outcome !== "ignored") throw new Error(`The bench means to measure ignored records only, but got: ${outcome}.`);
  }
}

function cpuMicroseconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
