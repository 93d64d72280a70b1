/** Runs a play once for every point at which the process may die, and compares what is left with the run nobody disturbed. */
import { expect } from "vitest";
import { afterEveryDeath, type IsPoint, playNotingDeaths } from "../../support/every-death.ts";
import type { Write } from "../../support/fake-tenant.ts";
import type { Act, CrashPoint } from "../../support/harness-crash.ts";
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

/** Where to crash in a play; nowhere before the act with the index `from`. */
export function pointsOf(points: Points, from = 0): IsPoint {
  return (call, when, _, act) => act >= from && sidesOf(call, points).includes(when);
}

export interface Tally {
  points: number;
  /** of them, those that leave something of their own to take over */
  played: number;
  repeated: number;
}

/** Asserts the final tenant and that nobody was left untold; answers how many writes were sent more often than in the clean run. */
export async function crashEverywhere(
  { world: newWorld, acts, from = 0 }: Play,
  points: Points = "all",
): Promise<Tally> {
  const world = await newWorld();
  const deaths = await playNotingDeaths(world, acts(world), pointsOf(points, from));
  const events = new Set(world.told.map(({ event }) => event));
  const [directory, writes] = [world.tenant.directory, [...world.tenant.writes]];
  let repeated = 0;
  const tally = await afterEveryDeath(deaths, (where) => {
    expect(world.tenant.directory, where).toEqual(directory);
    expect(
      [...events].filter((event) => !world.told.some((one) => one.event === event)),
      where,
    ).toEqual([]);
    expect(lines(world.tenant.writes, true), where).toEqual(lines(writes, true));
    repeated += world.tenant.writes.length - writes.length;
  });
  return { ...tally, repeated };
}

function lines(writes: readonly Write[], effective: boolean): readonly string[] {
  return writes
    .filter((write) => write.effective === effective)
    .map(({ line }) => line)
    .sort();
}

export function summary(what: string, { points, played, repeated }: Tally): string {
  return `${what}: crash points: ${points}, that differ: ${played}, repeated writes: ${repeated}`;
}
