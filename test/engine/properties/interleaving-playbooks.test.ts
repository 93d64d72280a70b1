/** Every playbook with two writers that step through each other at every port call: the same end, and each change made once. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { playbooks } from "../../../shared/engine/registry.ts";
import { parseWoken, runDue } from "../../../shared/engine/run/run-due.ts";
import { sceneOf } from "../../support/every-playbook.ts";
import { settle } from "../../support/harness.ts";
import { play } from "../../support/harness-crash.ts";
import { type Process, startProcess, type World } from "../../support/harness-world.ts";

/** Every wake-up goes to both, as when a partition is handed over while its old reader is still at work. */
async function both(world: World, processes: readonly Process[], scheduler: fc.Scheduler): Promise<void> {
  const bodies = world.hub;
  world.hub = [];
  await scheduler.waitFor(Promise.all(processes.map((one) => runDue(one.writer, parseWoken(one.services, bodies)))));
}

async function onTwo(playbook: string, scheduler: fc.Scheduler): Promise<World> {
  const { world, acts } = await sceneOf(playbook);
  const hooks = { beforeCall: (name: string) => scheduler.schedule(Promise.resolve(), name) };
  const processes = ["one", "two"].map((name) => startProcess(world, name, hooks));
  const calm = startProcess(world, "one");
  for (const { people, lasts } of acts) {
    await people?.();
    for (let round = 0; round < 4 && world.hub.length > 0; round++) await both(world, processes, scheduler);
    await settle(world, calm, world.clock.now() + lasts);
  }
  return world;
}

const changes = ({ tenant }: World) => tenant.writes.map(({ line }) => line).sort();

it.each([...playbooks.keys()])(
  "%s",
  async (playbook) => {
    const { world: clean, acts } = await sceneOf(playbook);
    await play(clean, acts, null);
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = await onTwo(playbook, scheduler);
        expect(world.tenant.directory).toEqual(clean.tenant.directory);
        expect(changes(world)).toEqual(changes(clean));
        expect(world.tenant.writes.every(({ effective }) => effective)).toBe(true);
      }),
      { numRuns: 3 },
    );
  },
  60_000,
);
