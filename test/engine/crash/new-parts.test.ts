/** A crash at every port call of what detection on real logs brought: what is left is what the play without it leaves. */
import { expect, it } from "vitest";
import { endState } from "../../support/end-state.ts";
import { afterEveryDeath, playNotingDeaths } from "../../support/every-death.ts";
import { ada, dismissed, enabledAgain, privilegeGiven, type Scene, usedAtOnce } from "../../support/new-parts.ts";
import { silence, toldToPeople, underOurName } from "../../support/new-parts-told.ts";
import { type Points, pointsOf } from "./every-call.ts";

type Proof = (end: Awaited<ReturnType<typeof endState>>) => void;

const detectionsIn = ({ findings }: Awaited<ReturnType<typeof endState>>) =>
  findings.map((line) => line.split(" ")[2]).sort();

it.each<[string, Scene, Points, Proof]>([
  [
    "a group's role, and a victim whose id is masked",
    toldToPeople,
    "all",
    (end) => {
      expect(detectionsIn(end)).toEqual(["credential-added-to-application", "group-given-role"]);
      expect(end.incidents.map(({ status }) => status)).toEqual(["closed", "closed"]);
    },
  ],
  [
    "privilege given by somebody whom nobody had met",
    privilegeGiven,
    "all",
    (end) => {
      expect(detectionsIn(end)).toEqual(["app-role-granted", "service-principal-granted"]);
      expect(end.incidents.map(({ related }) => related.length)).toEqual([1, 1]);
    },
  ],
  [
    "a person's dismissal",
    dismissed(ada),
    "all",
    (end) => expect(end.incidents).toMatchObject([{ status: "closed", because: expect.stringContaining("dismissed") }]),
  ],
  ["a deed under our name", underOurName, "all", (end) => expect(detectionsIn(end)).toEqual(["unledgered-write"])],
  [
    "a log that falls silent and comes again",
    silence,
    "all",
    (end) => {
      expect(detectionsIn(end)).toEqual(["detection-silenced"]);
      expect(end.incidents).toMatchObject([{ status: "closed", because: expect.stringContaining("come again") }]);
    },
  ],
  [
    "a credential of an object nobody knew, used at once",
    usedAtOnce,
    "all",
    (end) => expect(detectionsIn(end)).toEqual(["credential-added-to-application", "credential-used-at-once"]),
  ],
  [
    "what a workload enabled again",
    enabledAgain,
    "effects",
    (end) => expect(end.writes.filter((line) => line.includes('"accountEnabled":false'))).toHaveLength(2),
  ],
])(
  "leaves the same: %s",
  async (name, scene, points, proves) => {
    const world = await scene.world();
    const deaths = await playNotingDeaths(world, scene.acts(world), pointsOf(points, scene.from));
    const expected = await endState(world);
    const writes = world.tenant.writes.length;
    proves(expected);
    expect(expected.errors).toEqual([]);
    const crashes = await afterEveryDeath(deaths, async (where) => {
      expect(await endState(world), `${name}: ${where}`).toEqual(expected);
      expect(world.tenant.writes.length, `${name}: ${where}`).toBe(writes);
    });
    expect(crashes.played).toBeGreaterThan(10);
  },
  60_000,
);
