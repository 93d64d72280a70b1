/** Five hundred high-risk events in a minute, redelivered and reordered: the cap holds in any window, and nothing is lost. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { approveGroup, freezeGroup } from "../../../shared/engine/people/decisions/groups.ts";
import { Harness } from "../../support/harness.ts";
import { addIdentity, another, guid, leak } from "../../support/harness-cast.ts";
import { policyWith, readDependencies } from "../../support/harness-world.ts";

const minute = 60_000;
const graphRole = "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9";
const cap = 20;
const kept = 2;

function burstPolicy() {
  const radius = {
    ...policyWith().blastRadius,
    perHour: cap,
    perDay: cap,
    perPlaybookPerHour: cap,
    percent: 100,
    reservedForTier0: kept,
  };
  return policyWith({ blastRadius: radius });
}

/** Every identity leaks; those given hold a tier-0 permission. */
async function tenantOf(count: number, tierZero: readonly number[]): Promise<{ harness: Harness; records: unknown[] }> {
  const harness = await Harness.start(burstPolicy());
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  await readDependencies(
    harness.world,
    numbers.map((n) => another(n).appId),
  );
  const leaks = numbers.map((n) => leak({ id: `detection-${n}`, ...another(n) }));
  harness.tenant.change((directory) => {
    for (const n of numbers) addIdentity(directory, another(n));
    directory.riskDetections.push(...leaks.map(({ copy }) => copy));
    for (const n of tierZero) {
      const principalId = another(n).servicePrincipalId;
      directory.appRoleAssignments.push({
        id: `tier-${n}`,
        appRoleId: graphRole,
        principalId,
        principalType: "ServicePrincipal",
        resourceId: guid(1),
      });
    }
  });
  return { harness, records: leaks.map(({ record }) => record) };
}

function disabledIds({ tenant }: Harness): readonly string[] {
  return tenant.directory.servicePrincipals.filter((one) => one.accountEnabled === false).map(({ id }) => id);
}

/** Epoch ms of every disable. */
function disabledAt({ tenant }: Harness): readonly number[] {
  return tenant.writes.filter(({ line }) => line.startsWith("PATCH") && line.includes("false")).map(({ at }) => at);
}

function mostInAnHour(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at - from < 60 * minute).length));
}

describe("a burst", () => {
  it("of 500, the tier-0 holder among the last: contained within the cap, the rest one group, none lost, none twice", async () => {
    const count = 500;
    const { harness, records } = await tenantOf(count, [count]);
    for (let from = 0; from < count; from += 50) {
      await harness.deliver(...records.slice(from, from + 50));
      await harness.run();
      await harness.clock.advance(6_000);
      await harness.deliver(...records.slice(Math.max(0, from - 25), from + 25).reverse());
    }
    await harness.run();
    const contained = disabledIds(harness);
    expect(contained).toHaveLength(cap - kept + 1);
    expect(contained).toContain(another(count).servicePrincipalId);
    expect(mostInAnHour(disabledAt(harness))).toBeLessThanOrEqual(cap);
    const group = await freezeGroup(harness.tables);
    if (group === null) throw new Error("nothing waits");
    const waiting = new Set(group.members.map(({ identity }) => identity));
    expect(waiting.size).toBe(count - contained.length);
    expect(await harness.runs()).toHaveLength(count);
    expect(harness.events("group.waiting")).toHaveLength(1);
    for (const by of ["ada", "grace"]) {
      expect((await approveGroup(harness.tables, group, { by, reason: "campaign" })).approved).toHaveLength(
        waiting.size,
      );
    }
    await harness.run();
    expect(disabledIds(harness)).toHaveLength(count);
    expect(disabledAt(harness)).toHaveLength(count);
  }, 120_000);

  it("in any order and however often delivered never exceeds the cap, and keeps the last places for tier 0", async () => {
    const count = 30;
    const deliveries = fc.array(fc.array(fc.integer({ min: 0, max: count - 1 }), { minLength: 1, maxLength: 12 }), {
      minLength: 3,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(deliveries, fc.integer({ min: 1, max: count }), async (batches, tierZero) => {
        const { harness, records } = await tenantOf(count, [tierZero]);
        for (const batch of [...batches, Array.from({ length: count }, (_, i) => i)]) {
          await harness.deliver(...batch.map((i) => records[i]));
          await harness.run(1_000);
        }
        await harness.run(1_000);
        expect(disabledIds(harness)).toContain(another(tierZero).servicePrincipalId);
        expect(disabledIds(harness)).toHaveLength(cap - kept + 1);
        expect(disabledAt(harness)).toHaveLength(cap - kept + 1);
        expect(mostInAnHour(disabledAt(harness))).toBeLessThanOrEqual(cap);
        expect((await freezeGroup(harness.tables))?.members).toHaveLength(count - (cap - kept + 1));
      }),
      { numRuns: 4 },
    );
  }, 120_000);
});
