/** The same crash test for any playbook, by its scene. */
import { expect } from "vitest";
import { sceneOf } from "../../support/every-playbook.ts";
import type { Act } from "../../support/harness-crash.ts";
import type { World } from "../../support/harness-world.ts";
import { crashEverywhere, type Play, summary } from "./every-call.ts";

/** What comes before a false alarm is dismissed is the containment, which has its own test. */
const actsBefore: Readonly<Record<string, number>> = { "dismiss-and-restore": 3 };

function playOf(playbook: string): Play {
  const actsOf = new Map<World, readonly Act[]>();
  return {
    async world() {
      const { world, acts } = await sceneOf(playbook);
      actsOf.set(world, acts);
      return world;
    },
    acts: (world) => actsOf.get(world) ?? [],
    from: actsBefore[playbook] ?? 0,
  };
}

export async function losesAndRepeatsNothing(playbook: string): Promise<void> {
  const tally = await crashEverywhere(playOf(playbook), "effects");
  console.log(summary(playbook, tally));
  expect(tally.played).toBeGreaterThan(20);
  expect(tally.repeated).toBe(0);
}
