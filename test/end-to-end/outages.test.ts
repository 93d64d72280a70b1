/** Storage, Graph and the hub go away in the middle of a containment: nothing is lost, and it goes on by itself. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BuiltApplication } from "../../local/tenant/builders.ts";
import {
  addVictim,
  isDisabled,
  leak,
  stageOf,
  startWhole,
  until,
  untilReady,
  type Whole,
  wideRadius,
  writesTo,
} from "../support/system.ts";
import { type Gate, openGate } from "../support/system-gate.ts";

const minutes = 60_000;
const limit = { limitMs: 2 * minutes, everyMs: 250 };
let whole: Whole;
let graph: Gate;
let fresh: BuiltApplication[] = [];

beforeAll(async () => {
  // a lease that nobody could give back during an outage runs out before it is taken again: not to wait 40 s for that
  const lease = { TOURNIQUET_REQUEST_TIMEOUT_MS: "5000", TOURNIQUET_LEASE_MARGIN_MS: "1000" };
  const env = { ...lease, TOURNIQUET_GRAPH_URL: "" };
  const prepare = (twin: Whole["twin"]) => {
    fresh = Array.from({ length: 12 }, (_, n) => addVictim(twin, `victim-${n}`));
  };
  whole = await startWhole({ env, prepare, policyPatch: wideRadius, withApp: false });
  graph = await openGate(Number(new URL(whole.twin.graphUrl).port));
  env.TOURNIQUET_GRAPH_URL = graph.url;
  await whole.startApp();
  await untilReady(whole);
}, 2 * minutes);

afterAll(async () => {
  await whole?.stop();
  await graph?.close();
});

function next(): BuiltApplication {
  const victim = fresh.shift();
  if (victim === undefined) throw new Error("there are too few victims");
  return victim;
}

/** Without any help: no sweep by hand. Then the ledger agrees, and the tenant was changed once. */
async function containedOnce(victim: BuiltApplication): Promise<void> {
  await until("contained by itself", () => isDisabled(whole.twin, victim), limit);
  await until("the ledger says done", async () => (await stageOf(whole, victim, "contain"))?.status === "done", limit);
  expect(writesTo(whole.twin, [victim.id])).toHaveLength(1);
  expect(whole.twin.violations).toEqual([]);
}

it(
  "survives a storage outage of 20 s that begins as the records arrive",
  async () => {
    const victim = next();
    whole.azurite.cut(20_000);
    leak(whole.twin, victim);
    await containedOnce(victim);
  },
  4 * minutes,
);

it(
  "survives a storage outage between the disable and its outcome",
  async () => {
    const victim = next();
    const patch = graph.stopAt("before", ({ method, path }) => method === "PATCH" && path.includes(victim.id));
    leak(whole.twin, victim);
    await patch.reached;
    whole.azurite.cut(5_000);
    patch.release();
    await containedOnce(victim);
  },
  4 * minutes,
);

it.each(["reset", "refused"] as const)(
  "survives a Graph outage: connections %s",
  async (kind) => {
    const [before, during] = [next(), next()];
    const snapshot = graph.stopAt("before", ({ body }) => body.includes(before.appId));
    leak(whole.twin, before);
    await snapshot.reached;
    await whole.twin.outage(4_000, kind);
    snapshot.release();
    leak(whole.twin, during);
    await containedOnce(before);
    await containedOnce(during);
  },
  4 * minutes,
);

it(
  "survives a storm of 429 that begins when the first of three identities is about to be disabled",
  async () => {
    const three = [next(), next(), next()];
    const patch = graph.stopAt("before", ({ method }) => method === "PATCH");
    for (const victim of three) leak(whole.twin, victim);
    await patch.reached;
    whole.twin.faults.storm(6_000, 2);
    patch.release();
    const isOn = (victim: BuiltApplication) => !isDisabled(whole.twin, victim);
    expect(three.filter(isOn)).toHaveLength(3);
    for (const victim of three) {
      await until("contained by itself", () => isDisabled(whole.twin, victim), limit);
      const effective = whole.twin.state
        .ourWrites()
        .filter((write) => write.effective && write.path.includes(victim.id));
      expect(effective).toHaveLength(1);
    }
    expect(whole.twin.violations).toEqual([]);
  },
  4 * minutes,
);

it(
  "survives a 503 for everything and lost answers to the disable",
  async () => {
    const victim = next();
    const match = { method: "PATCH", path: new RegExp(victim.id) };
    whole.twin.faults.add({ match, times: 1, effect: { applyThenDrop: true } });
    whole.twin.faults.unavailable(3_000);
    leak(whole.twin, victim);
    await containedOnce(victim);
  },
  4 * minutes,
);

it(
  "survives a hub that is away for 5 s, with every connection dropped",
  async () => {
    const victim = next();
    const over = whole.broker.cutFor(5_000);
    leak(whole.twin, victim);
    await over;
    await containedOnce(victim);
  },
  4 * minutes,
);

it(
  "is well again after all of it: nothing overdue, no dead letter",
  async () => {
    const health = await until(
      "the app is well",
      async () => {
        const answer = await fetch(`${whole.host.url}/api/health`);
        return answer.status === 200 && ((await answer.json()) as { deadLetters: number });
      },
      limit,
    );
    expect(health.deadLetters).toBe(0);
  },
  4 * minutes,
);
