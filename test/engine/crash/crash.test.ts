/** A crash at every port call, before it had its effect and after: nothing is lost, and without lag nothing is sent twice. */
import { describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import type { StageName } from "../../../shared/domain/plan.ts";
import { decideStage } from "../../../shared/engine/people/decisions/decide-by-person.ts";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { requestUndo } from "../../../shared/engine/undo/undo-by-person.ts";
import { keys } from "../../records/build.ts";
import { appId, credentialAdded, guid, leak, onPrincipal, tenantId } from "../../support/harness-cast.ts";
import { hour, newWorld, readDependencies, startProcess, type World } from "../../support/harness-world.ts";
import { listRuns } from "../../support/list-runs.ts";
import { crashEverywhere, type Play, summary } from "./every-call.ts";

const minute = 60_000;
const key = identityKey(tenantId, appId);

async function approve(world: World, stage: StageName): Promise<void> {
  const { services } = startProcess(world, "tq");
  const [run] = (await listRuns(services)).filter(({ identity }) => identity === key);
  const found = await findPlan(services, run?.planId ?? "none");
  await decideStage(services, found, stage, "approve", { by: "ada", reason: "yes" });
}

async function undo(world: World): Promise<void> {
  const { services } = startProcess(world, "tq");
  // of those of one moment the one that did something
  const run = (await listRuns(services)).find(({ stages }) => stages.some(({ status }) => status === "done"));
  const found = await findPlan(services, run?.planId ?? "none");
  await requestUndo(services, found, { by: "ada", reason: "false alarm" });
}

async function leakedWorld(lagMs = 0): Promise<World> {
  const world = newWorld();
  await readDependencies(world);
  world.tenant.change((directory) => directory.riskDetections.push(leak().copy));
  world.tenant.lagMs = lagMs;
  await world.clock.advance(lagMs);
  return world;
}

const contain: Play = {
  world: () => leakedWorld(),
  acts: (world) => [
    { records: [leak().record], lasts: 5 * minute },
    { people: () => approve(world, "eradicate"), lasts: 200 * hour },
  ],
};

const addition = credentialAdded({
  object: "ServicePrincipal",
  before: keys([guid(1)], [guid(2)]),
  after: keys([guid(1)], [guid(2)], [onPrincipal]),
});

const remove: Play = {
  async world() {
    const world = newWorld();
    await readDependencies(world);
    world.tenant.change((directory) => directory.audits.push(addition.copy));
    return world;
  },
  acts: (world) => [
    { records: [addition.record], lasts: 30 * minute },
    { people: () => approve(world, "eradicate"), lasts: 200 * hour },
  ],
};

const takeBack: Play = {
  world: () => leakedWorld(),
  acts: (world) => [
    { records: [leak().record], lasts: 5 * minute },
    { people: () => undo(world), lasts: 200 * hour },
  ],
  from: 1,
};

describe("a crash at every port call", () => {
  it.each([
    ["contain-compromised-identity", contain, "all"],
    ["remove-added-credential", remove, "effects"],
    ["undo of a containment", takeBack, "effects"],
  ] as const)(
    "loses nothing and repeats nothing: %s",
    async (name, one, points) => {
      const tally = await crashEverywhere(one, points);
      console.log(summary(name, tally));
      expect(tally.played).toBeGreaterThan(20);
      expect(tally.repeated).toBe(0);
    },
    120_000,
  );

  it("repeats only what is harmless twice when replicas lag", async () => {
    const lagging: Play = {
      world: () => leakedWorld(minute),
      acts: () => [{ records: [leak().record], lasts: 30 * minute }],
    };
    const tally = await crashEverywhere(lagging, "effects");
    console.log(summary("contain-compromised-identity with replicas a minute late", tally));
    expect(tally.played).toBeGreaterThan(20);
  }, 120_000);
});
