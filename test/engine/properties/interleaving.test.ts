/** Two instances on one storage, stepping through each other at every port call: the tenant ends the same, each change made once. */
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { parseWoken, runDue } from "../../../shared/engine/run/run-due.ts";
import { Harness } from "../../support/harness.ts";
import { leak, riskyRecord, startAt } from "../../support/harness-cast.ts";
import {
  deliveryOf,
  newWorld,
  type Process,
  readDependencies,
  startProcess,
  type World,
} from "../../support/harness-world.ts";

// many small worlds: a busy machine needs its time
vi.setConfig({ testTimeout: 120_000 });

const minute = 60_000;

async function attackedWorld(): Promise<World> {
  const world = newWorld();
  await readDependencies(world);
  world.tenant.change((directory) => directory.riskDetections.push(leak().copy));
  return world;
}

const records = [leak().record, riskyRecord(), riskyRecord({ at: startAt - 580_000 })];

/** Every wake-up goes to both, as when a partition is handed over while its old reader is still at work. */
async function both(world: World, processes: readonly Process[], scheduler: fc.Scheduler): Promise<void> {
  const bodies = world.hub;
  world.hub = [];
  await scheduler.waitFor(Promise.all(processes.map((one) => runDue(one.writer, parseWoken(one.services, bodies)))));
}

async function attackOnTwo(scheduler: fc.Scheduler, deliveries: readonly (readonly number[])[]): Promise<Harness> {
  const world = await attackedWorld();
  const hooks = { beforeCall: (name: string) => scheduler.schedule(Promise.resolve(), name) };
  const processes = ["one", "two"].map((name) => startProcess(world, name, hooks));
  const ingesting = processes.flatMap((one, i) =>
    deliveries
      .filter((_, n) => n % 2 === i)
      .map((picked) =>
        one.ingest([
          deliveryOf(
            world,
            picked.map((n) => records[n]),
          ),
        ]),
      ),
  );
  await scheduler.waitFor(Promise.all(ingesting));
  for (let round = 0; round < 4 && world.hub.length > 0; round++) await both(world, processes, scheduler);
  const harness = new Harness(world);
  await harness.run(15 * minute);
  await harness.decide("eradicate");
  const { planId, identity } = await harness.plan();
  world.hub.push({ kind: "stage", identity, planId, stage: "eradicate", verifies: false });
  await both(world, processes, scheduler);
  await harness.run(15 * minute);
  return harness;
}

describe("any redelivery, order and interleaving of two writers", () => {
  it("makes one plan, and ends with the same tenant, each change made once", async () => {
    const clean = new Harness(await attackedWorld());
    await clean.deliver(...records);
    await clean.run(15 * minute);
    await clean.decide("eradicate");
    await clean.run(15 * minute);
    // the leak itself is among what comes, in any company
    const delivery = fc.array(fc.nat({ max: records.length - 1 }), { maxLength: 4 });
    const deliveries = fc
      .tuple(fc.constant([0]), fc.array(delivery, { maxLength: 3 }))
      .map(([first, rest]) => [first, ...rest])
      .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), deliveries, async (scheduler, all) => {
        const harness = await attackOnTwo(scheduler, all);
        expect(harness.tenant.directory).toEqual(clean.tenant.directory);
        expect([...harness.lines()].sort()).toEqual([...clean.lines()].sort());
        expect(harness.tenant.writes.every(({ effective }) => effective)).toBe(true);
        expect(await harness.runs()).toHaveLength(1);
      }),
      { numRuns: 25 },
    );
  });
});
