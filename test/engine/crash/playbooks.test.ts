/** A crash behind every call that changes something, in every playbook: nothing is lost, and nothing is sent twice. */
import { expect, it } from "vitest";
import { playbooks } from "../../../shared/engine/registry.ts";
import { sceneOf } from "../../support/every-playbook.ts";
import type { Act } from "../../support/harness-crash.ts";
import type { World } from "../../support/harness-world.ts";
import { crashEverywhere, type Play, summary } from "./every-call.ts";

function playOf(playbook: string): Play {
  const actsOf = new Map<World, readonly Act[]>();
  return {
    async world() {
      const { world, acts } = await sceneOf(playbook);
      actsOf.set(world, acts);
      return world;
    },
    acts: (world) => actsOf.get(world) ?? [],
  };
}

it.each([...playbooks.keys()])(
  "loses nothing and repeats nothing: %s",
  async (playbook) => {
    const tally = await crashEverywhere(playOf(playbook), "effects");
    console.log(summary(playbook, tally));
    expect(tally.points).toBeGreaterThan(20);
    expect(tally.repeated).toBe(0);
  },
  120_000,
);
