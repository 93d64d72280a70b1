/** The host dies by SIGKILL at chosen moments and is started again: nothing is lost, and nothing is written twice. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BuiltApplication } from "../../local/tenant/builders.ts";
import { decideStage } from "../../shared/engine/people/decisions/decide-by-person.ts";
import { findPlan } from "../../shared/engine/people/find-plan.ts";
import { connectionStringFor } from "../support/azurite.ts";
import {
  addVictim,
  crash,
  isDisabled,
  leak,
  shortLeases,
  stageOf,
  startWhole,
  sweep,
  sweepUntil,
  until,
  untilReady,
  type Whole,
  wideRadius,
  writesTo,
} from "../support/system.ts";
import {
  type Boundary,
  containBoundaries,
  eradicateBoundaries,
  type Scene,
  verification,
} from "../support/system-boundaries.ts";
import { openGate } from "../support/system-gate.ts";

const minutes = 60_000;
let scene: Scene;
let victims: readonly BuiltApplication[] = [];
/** how often the host was killed */
let kills = 0;

beforeAll(async () => {
  const env: Record<string, string> = { ...shortLeases };
  const prepare = (twin: Whole["twin"]) => {
    victims = containBoundaries.map((_, n) => addVictim(twin, `victim-${n}`, 2));
  };
  const whole = await startWhole({
    env,
    prepare,
    policyPatch: wideRadius,
    twinOptions: { quotas: "off" },
    withApp: false,
  });
  const graph = await openGate(Number(new URL(whole.twin.graphUrl).port));
  const tables = await openGate(whole.azurite.port);
  scene = { whole, graph, tables };
  Object.assign(env, { TOURNIQUET_GRAPH_URL: graph.url, State: connectionStringFor(tables.port) });
  await whole.startApp();
  await untilReady(whole);
}, 2 * minutes);

afterAll(async () => {
  await scene?.whole.stop();
  await Promise.all([scene?.graph.close(), scene?.tables.close()]);
});

/** Kills the host when it is at the boundary, and starts the next one. */
async function killAt(boundary: Boundary, victim: BuiltApplication, begin: () => unknown): Promise<void> {
  const { whole } = scene;
  const armed = boundary.arm(scene, victim);
  await begin();
  let isThere = false;
  const reached = armed.reached.then(() => {
    isThere = true;
  });
  await Promise.race([reached, sweepUntil(whole, boundary.name, () => isThere)]);
  await crash(whole);
  kills += 1;
  armed.release();
  await whole.startApp();
}

/** Every request of ours that changes the tenant, and how often each came. */
function repeatedWrites(): readonly string[] {
  const all = victims.flatMap(({ appId, id, applicationId }) => writesTo(scene.whole.twin, [appId, id, applicationId]));
  return all.filter((write, i) => all.indexOf(write) !== i);
}

it(
  "contains every identity once, wherever the host dies on the way",
  async () => {
    const { whole } = scene;
    for (const [n, boundary] of containBoundaries.entries()) {
      const victim = victims[n];
      if (victim === undefined) throw new Error("a boundary without a victim");
      const at = Date.now();
      await killAt(boundary, victim, () => leak(whole.twin, victim));
      await sweepUntil(whole, `${boundary.name}: contained after the restart`, () => isDisabled(whole.twin, victim));
      console.log(`${boundary.name}: ${Date.now() - at} ms`);
    }
    const lost = victims.filter((victim) => !isDisabled(whole.twin, victim));
    const repeated = repeatedWrites();
    console.log(
      `${kills} kills, ${victims.length} containments: ${lost.length} lost, ${repeated.length} repeated writes`,
    );
    expect({ lost, repeated }).toEqual({ lost: [], repeated: [] });
    expect(whole.twin.state.ourWrites()).toHaveLength(victims.length);
  },
  5 * minutes,
);

it(
  "goes on verifying after it died while it looked",
  async () => {
    const { whole } = scene;
    const victim = victims.at(-1);
    if (victim === undefined) throw new Error("no victim");
    await killAt(verification, victim, () => undefined);
    const stage = await sweepUntil(whole, "a verification that agrees", async () => {
      const contain = await stageOf(whole, victim, "contain");
      return contain?.verification?.reads.some(({ agrees }) => agrees) && contain;
    });
    expect(stage.verification?.state).not.toBe("contradicted");
    expect(repeatedWrites()).toEqual([]);
    expect(whole.twin.violations).toEqual([]);
    await until("the app is well", async () => (await fetch(`${whole.host.url}/api/health`)).ok);
  },
  3 * minutes,
);

async function approve(victim: BuiltApplication): Promise<void> {
  const { whole } = scene;
  const waiting = await sweepUntil(whole, "eradicate waits for a person", async () => {
    const stage = await stageOf(whole, victim, "eradicate");
    return stage?.status === "waiting" && stage;
  });
  const found = await findPlan(whole.state, waiting.planId);
  await decideStage(whole.state, found, "eradicate", "approve", {
    by: "alice@contoso.example",
    reason: "it is stolen",
  });
  await sweep(whole);
}

it(
  "removes every approved secret once, wherever the host dies on the way",
  async () => {
    const { whole } = scene;
    for (const [n, boundary] of eradicateBoundaries.entries()) {
      const victim = victims[n];
      if (victim === undefined) throw new Error("a boundary without a victim");
      const at = Date.now();
      await killAt(boundary, victim, () => approve(victim));
      await sweepUntil(whole, `${boundary.name}: eradicated after the restart`, async () => {
        return (await stageOf(whole, victim, "eradicate"))?.status === "done";
      });
      console.log(`${boundary.name}: ${Date.now() - at} ms`);
      expect(whole.twin.state.application(victim.applicationId)?.passwordCredentials).toEqual([]);
    }
    const repeated = repeatedWrites();
    console.log(`${kills} kills: ${repeated.length} repeated writes`);
    expect(repeated).toEqual([]);
  },
  5 * minutes,
);
