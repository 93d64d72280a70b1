/** How many records a second one core takes in, with everything in memory: no table is in the way. */
import { fileURLToPath } from "node:url";
import { loadPolicy } from "../shared/config/policy-file.ts";
import { createIngest } from "../shared/engine/ingest/ingest.ts";
import type { Delivery } from "../shared/engine/ingest/read-batch.ts";
import { createReplayClock } from "../tools/replay/offline/clock.ts";
import { createReplayServices } from "../tools/replay/offline/services.ts";
import { createReplayStores } from "../tools/replay/state/stores.ts";
import { benchTenantId } from "./irrelevant-records.ts";
import { ordinaryRecords } from "./ordinary-records.ts";
import type { BenchResult } from "./result.ts";
import { median } from "./statistics.ts";

const recordsPerEvent = 30;
const eventsPerBatch = 20;
const batches = 20;
const rounds = 9;
const warmUp = 2;
const today = Date.parse("2026-03-02T09:00:00Z");
const dayMs = 24 * 3600_000;

/** Records by CPU second of one process, on the second day that it sees its workloads; medians over rounds of the same bytes, ours and the parse in turn. */
export async function run(): Promise<BenchResult[]> {
  const policy = loadPolicy(fileURLToPath(new URL("../policy.yaml", import.meta.url)));
  const [dayBefore, all] = [deliveries(today - dayMs), deliveries(today)];
  const count = recordsPerEvent * eventsPerBatch * batches;
  const ours: number[] = [];
  const parsing: number[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const parse = await cpuSeconds(async () => all.flat().forEach(parseOnly));
    const ingest = createInMemory({ ...policy, tenantId: benchTenantId });
    for (const batch of dayBefore) await ingest(batch);
    const taken = await cpuSeconds(async () => {
      for (const batch of all) await ingest(batch);
    });
    if (round < 0) continue;
    parsing.push(count / parse);
    ours.push(count / taken);
  }
  const [value, baseline] = [median(ours), median(parsing)];
  const ratio = value / baseline;
  return [{ name: "ingest-rate", value, unit: "records/s", baseline, ratio, budget: 0.2, direction: "higher" }];
}

function createInMemory(policy: ReturnType<typeof loadPolicy>): ReturnType<typeof createIngest> {
  const clock = createReplayClock();
  clock.moveTo(today + dayMs);
  const letter = () => {
    throw new Error("The bench means to measure records that can be read.");
  };
  const stores = createReplayStores(clock, { committed: () => undefined, deadLetter: letter });
  return createIngest(createReplayServices(policy, clock, stores, () => undefined));
}

function deliveries(start: number): readonly (readonly Delivery[])[] {
  const records = ordinaryRecords(recordsPerEvent * eventsPerBatch * batches, start);
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: eventsPerBatch }, (_, i): Delivery => {
      const sequenceNumber = batch * eventsPerBatch + i;
      const from = sequenceNumber * recordsPerEvent;
      const body = Buffer.from(JSON.stringify({ records: records.slice(from, from + recordsPerEvent) }));
      return { body, enqueuedAt: start, origin: { hub: "entra-sign-ins", partition: "0", sequenceNumber } };
    }),
  );
}

function parseOnly({ body }: Delivery): void {
  JSON.parse(String(body));
}

async function cpuSeconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
