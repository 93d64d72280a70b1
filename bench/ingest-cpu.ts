/** What an irrelevant record costs us above the parse that cannot be avoided. */
import { createKnownSignIns, type KnownSignIns, wordsOfSignIn } from "../shared/engine/ingest/known-sign-ins.ts";
import { readBatch } from "../shared/engine/ingest/read-batch.ts";
import { openEnvelope } from "../shared/records/index.ts";
import { benchTenantId, irrelevantRecords } from "./irrelevant-records.ts";
import type { BenchResult } from "./result.ts";
import { median } from "./statistics.ts";

const recordsPerEvent = 30;
const events = 100;
const rounds = 30;

/** CPU per record of opening the envelope, knowing ordinary sign-ins again and deciding, above `JSON.parse` of the same bytes; medians over rounds. */
export async function run(): Promise<BenchResult[]> {
  const bodies = eventBodies();
  const known = knownSignIns(bodies);
  const count = recordsPerEvent * events;
  const parsing: number[] = [];
  const ingesting: number[] = [];
  for (let round = -5; round < rounds; round++) {
    const parse = cpuMicroseconds(() => bodies.forEach(parseOnly));
    const ingest = cpuMicroseconds(() => ingestAll(bodies, known));
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

/** As if each workload had signed in like that before, which is what nearly all sign-ins are. */
function knownSignIns(bodies: readonly Buffer[]): KnownSignIns {
  const known = createKnownSignIns();
  for (const opened of bodies.flatMap((body) => openEnvelope(body))) {
    const words = opened.ok ? wordsOfSignIn(opened.record) : null;
    if (words !== null) known.add(words);
  }
  return known;
}

function ingestAll(bodies: readonly Buffer[], known: KnownSignIns): void {
  for (const body of bodies) ingestOne(body, known);
}

function ingestOne(body: Buffer, known: KnownSignIns): void {
  const origin = { hub: "bench", partition: "0", sequenceNumber: 0 };
  const { arrived, unread, changes } = readBatch([{ body, enqueuedAt: 0, origin }], benchTenantId, known);
  if (changes.size > 0) throw new Error("The bench means to measure records that no workload caused.");
  if (arrived.length + unread.length > 0) {
    const [got] = [...arrived.map(({ event }) => event.type), ...unread.map(({ letter }) => letter.reason)];
    throw new Error(`The bench means to measure ignored records only, but got: ${got}.`);
  }
}

function cpuMicroseconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
