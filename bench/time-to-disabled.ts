/** How long a plan's message takes to become a disabled service principal, against two bare trips to the same Graph. */
import { performance } from "node:perf_hooks";
import { systemClock } from "../shared/config/clock.ts";
import { parseWoken, runDue } from "../shared/engine/run/run-due.ts";
import { type BenchApp, composeApp, createMailbox, deliveryOf, fillDependencies, type Mailbox } from "./app.ts";
import type { Stage, Victim } from "./backdrop/contract.ts";
import { type RemoteBackdrop, startBackdrop } from "./backdrop/start.ts";
import type { BenchResult } from "./result.ts";
import { median } from "./statistics.ts";

const graphLatencyMs = 30;
const rounds = 40;
const warmUp = 8;
/** Between two identities: every cache of the app is stale again, as it is for an identity that comes alone. */
const apartMs = 2 * 60_000;

/** Ms from the message in the writer's hands to Graph's answer to the PATCH; identities one after the other, medians. */
export async function run(): Promise<BenchResult[]> {
  const backdrop = await startBackdrop(graphLatencyMs);
  try {
    return [await measure(backdrop)];
  } finally {
    await backdrop.stop();
  }
}

async function measure(backdrop: RemoteBackdrop): Promise<BenchResult> {
  const stage = await backdrop.stage();
  const mailbox = createMailbox();
  let answeredAt = Number.NaN;
  const onAnswered = () => {
    answeredAt = performance.now();
  };
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };
  const app = await composeApp({ stage, clock, onAnswered, publish: mailbox.publish });
  const [bare, ...victims] = await backdrop.addVictims(rounds + warmUp + 1);
  if (bare === undefined) throw new Error("The tenant has no identity for the bare trips.");
  await fillDependencies(app, victims);
  const ours: number[] = [];
  const trips: number[] = [];
  for (const [round, victim] of victims.entries()) {
    aheadMs += apartMs;
    const messages = await prepare(app, backdrop, mailbox, victim);
    const before = performance.now();
    await twoTrips(app, stage, bare);
    const start = performance.now();
    answeredAt = Number.NaN;
    await runDue(app.writer, parseWoken(app.services, messages));
    if (Number.isNaN(answeredAt)) throw new Error(`The app did not disable ${victim.id}; this measures nothing.`);
    mailbox.take(); // eradicate waits for a person: not measured here
    if (round < warmUp) continue;
    trips.push(start - before);
    ours.push(answeredAt - start);
  }
  const [value, baseline] = [median(ours), median(trips)];
  return {
    name: "time-to-disabled",
    value,
    unit: "ms",
    baseline,
    ratio: value / baseline,
    budget: 1.3,
    direction: "lower",
  };
}

/** The risk is found and planned: only the message is missing. */
async function prepare(app: BenchApp, backdrop: RemoteBackdrop, mailbox: Mailbox, victim: Victim) {
  const [record] = await backdrop.raiseRisk([victim]);
  await app.ingest([deliveryOf(record, Date.now())]);
  return mailbox.take();
}

/** What a disable needs at the least: see that it is enabled, switch it off. */
async function twoTrips({ token }: BenchApp, { graphUrl }: Stage, { id }: Victim): Promise<void> {
  const url = `${graphUrl}/v1.0/servicePrincipals/${id}`;
  const headers = { Authorization: `Bearer ${await token()}`, "Content-Type": "application/json" };
  const seen = await fetch(`${url}?$select=id,accountEnabled`, { headers });
  await seen.text();
  const changed = await fetch(url, { method: "PATCH", headers, body: JSON.stringify({ accountEnabled: false }) });
  await changed.text();
  if (!seen.ok || changed.status !== 204) throw new Error(`The bare trips failed: ${seen.status}, ${changed.status}.`);
}
