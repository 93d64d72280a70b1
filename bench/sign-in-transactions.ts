/** How many HTTP requests Table Storage sees for a thousand ordinary sign-ins. */
import { systemClock } from "../shared/config/clock.ts";
import type { PipelinePolicy } from "../shared/state/table-clients.ts";
import { type BenchApp, composeApp, deliveryOf } from "./app.ts";
import { startBackdrop } from "./backdrop/start.ts";
import { irrelevantRecords } from "./irrelevant-records.ts";
import type { BenchResult } from "./result.ts";

const signIns = 1_000;
const identities = 50;
const batches = 20;
const dayMs = 24 * 3600_000;

/** Of workloads that were seen before: in a process that has seen each of them that day, and on a whole day of a new process. */
export async function run(): Promise<BenchResult[]> {
  const backdrop = await startBackdrop(0);
  try {
    const stage = await backdrop.stage();
    let requests = 0;
    const tablePolicy: PipelinePolicy = {
      name: "bench-count",
      sendRequest(request, next) {
        requests += 1;
        return next(request);
      },
    };
    let aheadMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + aheadMs };
    const start = () => composeApp({ stage, tablePolicy, clock });
    const during = async (work: () => Promise<void>) => {
      const before = requests;
      await work();
      return requests - before;
    };
    const first = await start();
    for (let day = 0; day < 3; day++) {
      await signInAll(first);
      aheadMs += dayMs;
    }
    const second = await start();
    const wholeDay = await during(() => signInAll(second));
    const known = await during(() => signInAll(second));
    return [resultOf("sign-in-transactions", known, 0.01), resultOf("sign-in-transactions-day", wholeDay, 0.25)];
  } finally {
    await backdrop.stop();
  }
}

/** The baseline is one request for each. */
function resultOf(name: string, value: number, budget: number): BenchResult {
  return { name, value, unit: "requests", baseline: signIns, ratio: value / signIns, budget, direction: "lower" };
}

/** A thousand in batches, from midnight of the app's day on. */
async function signInAll({ ingest, services }: BenchApp): Promise<void> {
  const now = services.clock.now();
  const midnight = Math.floor(now / dayMs) * dayMs;
  const perBatch = signIns / batches;
  for (let batch = 0; batch < batches; batch++) {
    const records = Array.from({ length: perBatch }, (_, i) => {
      const at = midnight + ((batch * perBatch + i) * (now - midnight)) / signIns;
      return signInOf(i % identities, new Date(at).toISOString(), services.policy.tenantId);
    });
    const { deadLetters, findings } = await ingest([deliveryOf({ records }, now)]);
    if (deadLetters + findings > 0) throw new Error("The bench means to measure ordinary sign-ins only.");
  }
}

function signInOf(identity: number, createdDateTime: string, tenantId: string): unknown {
  // every sixth of them is the sign-in of an application
  const record = irrelevantRecords(identity * 6 + 1).at(-1);
  const properties = typeof record?.properties === "object" ? record.properties : {};
  return { ...record, tenantId, properties: { ...properties, createdDateTime } };
}
