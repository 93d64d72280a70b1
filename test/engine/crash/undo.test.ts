/** A crash behind every call that changes something, while every foothold is put back: nothing is lost, nothing is put back twice. */
import { expect, it } from "vitest";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { requestUndo } from "../../../shared/engine/undo/undo-by-person.ts";
import { addFootholds, everyStep } from "../../support/harness-footholds.ts";
import { apply, observing, putPlan } from "../../support/harness-plans.ts";
import { hour, startProcess } from "../../support/harness-world.ts";
import { listRuns } from "../../support/list-runs.ts";
import { crashEverywhere, type Play, summary } from "./every-call.ts";

const takeAllBack: Play = {
  async world() {
    const harness = await observing();
    harness.tenant.change((directory) => addFootholds(directory));
    await apply(harness, await putPlan(harness, everyStep));
    await harness.run(5 * 60_000);
    return harness.world;
  },
  acts: (world) => [
    {
      async people() {
        const { services } = startProcess(world, "tq");
        // of those of one moment the one that did something
        const run = (await listRuns(services)).find(({ stages }) => stages.some(({ status }) => status === "done"));
        await requestUndo(services, await findPlan(services, run?.planId ?? "none"), { by: "ada", reason: "no" });
      },
      lasts: 200 * hour,
    },
  ],
};

it("loses nothing and repeats nothing: undo of every foothold that was taken away", async () => {
  const tally = await crashEverywhere(takeAllBack, "effects");
  console.log(summary("undo of every foothold that was taken away", tally));
  expect(tally.played).toBeGreaterThan(40);
  expect(tally.repeated).toBe(0);
}, 120_000);
