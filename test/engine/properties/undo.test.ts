/** Apply, then take back: the same tenant, minus exactly what the undo says never comes back. */
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Directory } from "../../support/harness-directory.ts";
import {
  AnyFootholds,
  addFootholds,
  comparable,
  everyStep,
  gravestSteps,
  mortalIds,
} from "../../support/harness-footholds.ts";
import { apply, observing, putPlan } from "../../support/harness-plans.ts";

// many small worlds: a busy machine needs its time
vi.setConfig({ testTimeout: 120_000 });

const hour = 3600_000;

function secretsIn({ applications }: Directory): number {
  return applications.flatMap(({ passwordCredentials }) => passwordCredentials).length;
}

describe("any part of a plan, over any directory", () => {
  it("taken back leaves the directory as it was, but for what was declared lost", async () => {
    await fc.assert(
      fc.asyncProperty(
        AnyFootholds,
        fc.shuffledSubarray([...everyStep, ...gravestSteps], { minLength: 1 }),
        async (has, steps) => {
          const harness = await observing();
          harness.tenant.change((directory) => addFootholds(directory, has));
          const before = harness.tenant.directory;
          const plan = await putPlan(harness, steps);
          await apply(harness, plan);
          const contained = harness.tenant.directory;
          const isRevertible = JSON.stringify(comparable(before)) !== JSON.stringify(comparable(contained));
          if (!isRevertible) {
            await expect(harness.undo()).rejects.toThrow(/nothing that could be taken back/);
            return;
          }
          await harness.undo();
          await harness.run(hour);
          const after = harness.tenant.directory;
          expect(comparable(after)).toEqual(comparable(before));
          const neverBack = harness
            .events("plan.reverted")
            .map(({ data }) => JSON.stringify(data.neverBack))
            .join();
          const gone = mortalIds(before).filter((id) => !mortalIds(after).includes(id));
          expect(gone.filter((id) => !neverBack.includes(id))).toEqual([]);
          const secretsWent = secretsIn(after) < secretsIn(before);
          expect(neverBack.includes("remove-password-credentials")).toBe(secretsWent);
          expect(harness.events("stage.contradicted")).toEqual([]);
          expect((await harness.stage("undo", "undo")).verification?.state).toBe("verified");
          await expect(harness.undo()).rejects.toThrow(/nothing that could be taken back/);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("taken back step by step and then as a whole is put back once, whatever came first", async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...everyStep.keys()].slice(0, -1), { minLength: 1 }), async (singly) => {
        const harness = await observing();
        harness.tenant.change((directory) => addFootholds(directory));
        const before = comparable(harness.tenant.directory);
        await apply(harness, await putPlan(harness, everyStep));
        for (const index of singly) {
          await harness.undo(index);
          await harness.run(hour);
        }
        const writes = harness.tenant.writes.length;
        if (singly.length < everyStep.length - 1) await harness.undo();
        await harness.run(hour);
        expect(comparable(harness.tenant.directory)).toEqual(before);
        const again = harness.lines().slice(writes);
        expect(again.filter((line) => harness.lines().slice(0, writes).includes(line))).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });
});
