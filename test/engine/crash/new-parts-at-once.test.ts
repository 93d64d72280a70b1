/** Two who do the same at once, or one after the other, and one of them dies: what is left is as if one had done it. */
import { describe, expect, it } from "vitest";
import type { Raw } from "../../records/build.ts";
import { endState } from "../../support/end-state.ts";
import { afterEveryDeath, playNotingDeaths } from "../../support/every-death.ts";
import { settle } from "../../support/harness.ts";
import { play } from "../../support/harness-crash.ts";
import { deliveryOf, hour, startProcess, type World } from "../../support/harness-world.ts";
import { ada, ben, dismissed, usedAtOnce, usedAtOnceRecords } from "../../support/new-parts.ts";
import type { CallHooks } from "../../support/store-hooks.ts";
import { pointsOf } from "./every-call.ts";

describe("two processes that ingest halves of one thing at once", () => {
  /** Neither call `at` nor any after it has an effect. */
  function dyingAt(at: number, calls: string[]): { readonly hooks: CallHooks; readonly death: Promise<void> } {
    const { promise: death, resolve } = Promise.withResolvers<void>();
    const beforeCall = (name: string): Promise<void> | undefined => {
      if (calls.push(name) <= at) return undefined;
      resolve();
      return new Promise(() => undefined);
    };
    return { hooks: { beforeCall: (name) => beforeCall(name) }, death };
  }

  /** The first dies at that call, the second's writer is at work meanwhile; then the first one's records are delivered again. */
  async function both(at: number, first: Raw, second: Raw): Promise<{ world: World; calls: readonly string[] }> {
    const world = await usedAtOnce.world();
    const calls: string[] = [];
    const { hooks, death } = dyingAt(at, calls);
    const one = startProcess(world, "one", hooks);
    const two = startProcess(world, "two");
    const again = deliveryOf(world, [first]);
    const secondsWork = async () => {
      await two.ingest([deliveryOf(world, [second])]);
      await settle(world, two, world.clock.now());
    };
    await Promise.all([Promise.race([one.ingest([again]), death]), secondsWork()]);
    const three = startProcess(world, "three");
    if (calls.length > at) await three.ingest([again]);
    await settle(world, three, world.clock.now() + 6 * hour);
    return { world, calls };
  }

  it.each([
    ["the addition", (): [Raw, Raw] => [usedAtOnceRecords().addition.record, usedAtOnceRecords().use]],
    ["the use", (): [Raw, Raw] => [usedAtOnceRecords().use, usedAtOnceRecords().addition.record]],
    ["what the other has, too", (): [Raw, Raw] => [usedAtOnceRecords().use, usedAtOnceRecords().use]],
  ])("find it once, wherever the one dies that has %s", async (_, records) => {
    const [first, second] = records();
    const { world: clean, calls } = await both(Number.POSITIVE_INFINITY, first, second);
    const expected = await endState(clean);
    const used = expected.findings.filter((line) => line.includes("credential-used-at-once"));
    expect(used).toHaveLength(first === second ? 0 : new Set([first.category, second.category]).size - 1);
    expect(calls.length).toBeGreaterThan(2);
    for (let at = 0; at < calls.length; at += 1) {
      const { world } = await both(at, first, second);
      expect(await endState(world), `before ${calls[at]} (call ${at})`).toEqual(expected);
    }
  });
});

describe("two people who dismiss one risk", () => {
  /** Whose word is heard first closes it, and the other's says nothing any more. */
  async function outcome(world: World) {
    const { writes, incidents, open, runs, deadLetters, errors } = await endState(world);
    const closed = incidents.map(({ because, ...rest }) => ({
      ...rest,
      isByPerson: / dismissed the risk/.test(`${because}`),
    }));
    const told = world.told.filter(({ event }) => event === "incident.closed").map(({ id }) => id);
    const { audits: _, ...directory } = world.tenant.directory;
    return { directory, writes, closed, open, runs, deadLetters, errors, told: [...new Set(told)] };
  }

  it("close it once, in whatever order, and wherever a process dies", async () => {
    const scene = dismissed(ada, ben);
    const clean = await scene.world();
    const deaths = await playNotingDeaths(clean, scene.acts(clean), pointsOf("effects", scene.from));
    const expected = await outcome(clean);
    expect(expected).toMatchObject({ writes: [], closed: [{ status: "closed", isByPerson: true }], errors: [] });
    expect(expected.told).toHaveLength(1);
    const other = dismissed(ben, ada);
    const world = await other.world();
    await play(world, other.acts(world), null);
    expect(await outcome(world)).toEqual(expected);
    const { played } = await afterEveryDeath(deaths, async (where) => {
      expect(await outcome(clean), where).toEqual(expected);
    });
    expect(played).toBeGreaterThan(10);
  });
});
