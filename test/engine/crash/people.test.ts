/** A person's tool that dies at any of its calls: said again, the decision holds once, and half a decision is none. */
import { describe, expect, it } from "vitest";
import { decideStage } from "../../../shared/engine/people/decisions/decide-by-person.ts";
import { findPlan, type TableServices } from "../../../shared/engine/people/find-plan.ts";
import { requestUndo } from "../../../shared/engine/undo/undo-by-person.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { startProcess } from "../../support/harness-world.ts";
import type { CallHooks } from "../../support/store-hooks.ts";

class CrashError extends Error {}

/** Dies at the call with this number; counts on. */
function dyingAt(at: number, when: "before" | "after"): { readonly hooks: CallHooks; readonly calls: string[] } {
  const calls: string[] = [];
  const die = () => {
    throw new CrashError(`killed at ${calls.at(-1)}`);
  };
  return {
    calls,
    hooks: {
      beforeCall: (name) => void (calls.push(name) - 1 === at && when === "before" && die()),
      afterCall: () => void (calls.length - 1 === at && when === "after" && die()),
    },
  };
}

async function everywhere(
  start: () => Promise<Harness>,
  say: (services: TableServices, planId: string) => Promise<void>,
) {
  const ends: string[] = [];
  for (let at = 0, more = true; more; at++) {
    for (const when of ["before", "after"] as const) {
      const harness = await start();
      const { planId } = await harness.plan();
      const { hooks, calls } = dyingAt(at, when);
      const died = await say(startProcess(harness.world, "tq", hooks).services, planId).then(
        () => false,
        (error: unknown) => error instanceof CrashError,
      );
      more = calls.length > at;
      await harness.run();
      // the tool is started again; where the decision was kept, it is told that nothing waits any more
      if (died) await say(harness.tables, planId).catch(() => undefined);
      await harness.run(60_000);
      ends.push(JSON.stringify([harness.tenant.directory, [...harness.lines()].sort()]));
    }
  }
  return ends;
}

const by = { by: "ada", reason: "because" };

async function contained(): Promise<Harness> {
  const harness = await Harness.start();
  await leaked(harness);
  await harness.run(5 * 60_000);
  return harness;
}

describe("a person's tool that dies at any of its calls", () => {
  it("approves once when it is said again", async () => {
    const ends = await everywhere(contained, async (services, planId) => {
      await decideStage(services, await findPlan(services, planId), "eradicate", "approve", by);
    });
    expect(ends.length).toBeGreaterThan(6);
    expect(new Set(ends).size).toBe(1);
    expect(ends[0]).toContain("removePassword");
  });

  it("takes back once when it is said again", async () => {
    const ends = await everywhere(contained, async (services, planId) => {
      await requestUndo(services, await findPlan(services, planId), by);
    });
    expect(ends.length).toBeGreaterThan(6);
    expect(new Set(ends).size).toBe(1);
    expect(ends[0]).toContain('\\"accountEnabled\\":true');
  });
});
