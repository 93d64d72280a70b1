/** How many HTTP requests Table Storage sees for one contained identity, and for a finding that comes again. */
import { systemClock } from "../shared/config/clock.ts";
import { identityKey } from "../shared/domain/identity.ts";
import { Plan } from "../shared/domain/plan.ts";
import { loadPartition, readAll } from "../shared/engine/rows/partition.ts";
import { NoticeRow, SignedRow, StageRow } from "../shared/engine/rows/rows.ts";
import { parseWoken, runDue } from "../shared/engine/run/run-due.ts";
import type { PipelinePolicy } from "../shared/state/table-clients.ts";
import { type BenchApp, composeApp, createMailbox, deliveryOf, fillDependencies, type Mailbox } from "./app.ts";
import type { Victim } from "./backdrop/contract.ts";
import { type RemoteBackdrop, startBackdrop } from "./backdrop/start.ts";
import type { BenchResult } from "./result.ts";
import { median } from "./statistics.ts";

const identities = 9;
/** Between two identities: every cache of the app is stale again, as it is for an identity that comes alone. */
const apartMs = 2 * 60_000;
const duplicateBudget = 2;

/** Resent requests count, too. Medians over identities that come one at a time. */
export async function run(): Promise<BenchResult[]> {
  const backdrop = await startBackdrop(0);
  try {
    return await measure(backdrop);
  } finally {
    await backdrop.stop();
  }
}

async function measure(backdrop: RemoteBackdrop): Promise<BenchResult[]> {
  const counter = createCounter();
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };
  const mailbox = createMailbox();
  const stage = await backdrop.stage();
  const app = await composeApp({ stage, clock, tablePolicy: counter.policy, publish: mailbox.publish });
  const victims = await backdrop.addVictims(identities);
  await fillDependencies(app, victims);
  const contained: number[] = [];
  const duplicates: number[] = [];
  let steps = 0;
  for (const victim of victims) {
    aheadMs += apartMs;
    const [record] = await backdrop.raiseRisk([victim]);
    contained.push(await counter.during(() => contain(app, mailbox, record)));
    steps = await stepsOf(app, victim);
    duplicates.push(await counter.during(() => again(app, record)));
  }
  return [
    resultOf("table-transactions", median(contained), 12 + 2 * steps),
    resultOf("table-transactions-duplicate", median(duplicates), duplicateBudget),
  ];
}

/** The baseline is what may be spent, hence a budget of 1. */
function resultOf(name: string, value: number, baseline: number): BenchResult {
  return { name, value, unit: "requests", baseline, ratio: value / baseline, budget: 1, direction: "lower" };
}

/** From the record until the identity is disabled, everything is told, and eradicate waits for a person. */
async function contain({ ingest, services, writer }: BenchApp, mailbox: Mailbox, record: unknown): Promise<void> {
  await ingest([deliveryOf(record, services.clock.now())]);
  for (let messages = mailbox.take(); messages.length > 0; messages = mailbox.take()) {
    await runDue(writer, parseWoken(services, messages));
  }
}

async function again({ ingest, services }: BenchApp, record: unknown): Promise<void> {
  const { duplicates } = await ingest([deliveryOf(record, services.clock.now())]);
  if (duplicates !== 1) throw new Error("The record that came again was not taken for a duplicate.");
}

/** Also sees to it that the right thing was counted. */
async function stepsOf({ services }: BenchApp, { appId }: Victim): Promise<number> {
  const key = identityKey(services.policy.tenantId, appId);
  const partition = await loadPartition(services.stores.identities, key);
  const stages = readAll(partition, "stage|", StageRow).map(({ value }) => value);
  const states = stages.map(({ status }) => status);
  if (states.toSorted().join() !== "done,waiting") throw new Error(`Not contained: ${JSON.stringify(stages)}.`);
  if (readAll(partition, "out|", NoticeRow).length > 0) throw new Error("Notices are left that nobody was told of.");
  return readAll(partition, "plan|", SignedRow).reduce(
    (sum, { value }) => sum + Plan.parse(JSON.parse(value.payload)).steps.length,
    0,
  );
}

function createCounter() {
  let requests = 0;
  const policy: PipelinePolicy = {
    name: "bench-count",
    sendRequest(request, next) {
      requests += 1;
      return next(request);
    },
  };
  return {
    policy,
    async during(work: () => Promise<void>): Promise<number> {
      const before = requests;
      await work();
      return requests - before;
    },
  };
}
