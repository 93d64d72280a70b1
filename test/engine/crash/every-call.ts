/** Runs a play once for every port call and both sides of it, and compares what is left with the run nobody disturbed. */
import { expect } from "vitest";
import type { Write } from "../../support/fake-tenant.ts";
import { type Act, type CrashPoint, play } from "../../support/harness-crash.ts";
import type { World } from "../../support/harness-world.ts";

export interface Play {
  readonly world: () => Promise<World>;
  readonly acts: (world: World) => readonly Act[];
  /** index of the act before which nothing crashes; 0 without it */
  readonly from?: number;
}

export interface Tally {
  points: number;
  repeated: number;
}

/** Asserts the final tenant and that nobody was left untold; answers how many writes were sent more often than in the clean run. */
export async function crashEverywhere({ world: newWorld, acts, from = 0 }: Play): Promise<Tally> {
  const clean = await newWorld();
  const { calls, begins } = await play(clean, acts(clean), null);
  const events = new Set(clean.told.map(({ event }) => event));
  const tally: Tally = { points: 0, repeated: 0 };
  for (let at = begins[from] ?? 0; at < calls.length; at++) {
    for (const when of ["before", "after"] as const) {
      const point: CrashPoint = { at, when };
      const world = await newWorld();
      await play(world, acts(world), point);
      const where = `${when} ${calls[at]} (call ${at})`;
      expect(world.tenant.directory, where).toEqual(clean.tenant.directory);
      expect(
        [...events].filter((event) => !world.told.some((one) => one.event === event)),
        where,
      ).toEqual([]);
      expect(lines(world.tenant.writes, true), where).toEqual(lines(clean.tenant.writes, true));
      tally.points += 1;
      tally.repeated += world.tenant.writes.length - clean.tenant.writes.length;
    }
  }
  return tally;
}

function lines(writes: readonly Write[], effective: boolean): readonly string[] {
  return writes
    .filter((write) => write.effective === effective)
    .map(({ line }) => line)
    .sort();
}

export function summary(what: string, { points, repeated }: Tally): string {
  return `${what}: crash points: ${points}, repeated writes: ${repeated}`;
}
