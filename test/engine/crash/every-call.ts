/** Runs a play once for every point at which the process may die, and compares what is left with the run nobody disturbed. */
import { expect } from "vitest";
import type { Write } from "../../support/fake-tenant.ts";
import { type Act, type CrashPoint, type CrashRun, play } from "../../support/harness-crash.ts";
import type { World } from "../../support/harness-world.ts";

export interface Play {
  readonly world: () => Promise<World>;
  readonly acts: (world: World) => readonly Act[];
  /** index of the act before which nothing crashes; 0 without it */
  readonly from?: number;
}

/**
 * `all`: at every port call, before it had its effect and after; where it only reads, that is one point. `effects`: behind every
 * call that changes something, which is all that a crash can leave while one call follows the other.
 */
export type Points = "all" | "effects";

const reads = /^tenant\.(read|whoAmI)$|\.(all|due|get|list|load|of|readings|summary)$/;

function sidesOf(call: string, points: Points): readonly CrashPoint["when"][] {
  if (reads.test(call)) return points === "all" ? ["before"] : [];
  return points === "all" ? ["before", "after"] : ["after"];
}

/** Where to crash, by the calls of a run that nobody disturbed; none before the act with the index `from`. */
export function pointsOf({ calls, begins }: CrashRun, points: Points, from = 0): readonly CrashPoint[] {
  const first = begins[from] ?? 0;
  return calls.flatMap((call, at) => (at < first ? [] : sidesOf(call, points).map((when) => ({ at, when }))));
}

export interface Tally {
  points: number;
  repeated: number;
}

/** Asserts the final tenant and that nobody was left untold; answers how many writes were sent more often than in the clean run. */
export async function crashEverywhere(
  { world: newWorld, acts, from = 0 }: Play,
  points: Points = "all",
): Promise<Tally> {
  const clean = await newWorld();
  const run = await play(clean, acts(clean), null);
  const events = new Set(clean.told.map(({ event }) => event));
  const tally: Tally = { points: 0, repeated: 0 };
  for (const point of pointsOf(run, points, from)) {
    const world = await newWorld();
    await play(world, acts(world), point);
    const where = `${point.when} ${run.calls[point.at]} (call ${point.at})`;
    expect(world.tenant.directory, where).toEqual(clean.tenant.directory);
    expect(
      [...events].filter((event) => !world.told.some((one) => one.event === event)),
      where,
    ).toEqual([]);
    expect(lines(world.tenant.writes, true), where).toEqual(lines(clean.tenant.writes, true));
    tally.points += 1;
    tally.repeated += world.tenant.writes.length - clean.tenant.writes.length;
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
