/** A crash behind every call that changes something, in every state of a retirement: nothing is lost, and nothing is done twice. */
import { expect, it } from "vitest";
import type { Harness } from "../../support/harness.ts";
import { refusedSignIn } from "../../support/harness-cast.ts";
import type { Act } from "../../support/harness-crash.ts";
import { deleted, disabled, owner, restore, retiring, say, told, used } from "../../support/harness-retirement.ts";
import { day, hour, type World } from "../../support/harness-world.ts";
import { crashEverywhere, summary } from "./every-call.ts";

const quick = retiring({ noticeDays: 1, disabledDays: 1 });

const cases: readonly (readonly [string, () => Promise<Harness>, (harness: Harness) => readonly Act[]])[] = [
  ["told, disabled and deleted", () => told(quick), () => [{ lasts: 5 * day }]],
  ["used again", () => told(), (harness) => [{ people: async () => used(harness), lasts: 3 * day }]],
  [
    "kept by its owner",
    () => told(),
    (harness) => [{ people: () => say(harness, "keep", { by: `olga (${owner})`, asOwner: true }), lasts: 3 * day }],
  ],
  [
    "a sign of life, and the question",
    () => disabled(quick),
    (harness) => [{ records: [refusedSignIn(harness.clock.now())], lasts: 3 * day }],
  ],
  ["restored", () => deleted(), (harness) => [{ people: () => restore(harness), lasts: day }]],
  [
    "gone",
    () => deleted(),
    (harness) => [
      {
        people: async () =>
          harness.tenant.change((directory) => {
            directory.deletedItems = [];
          }),
        lasts: 2 * day + hour,
      },
    ],
  ],
];

it.each(cases)(
  "loses nothing and repeats nothing: %s",
  async (what, begin, acts) => {
    let harness: Harness | null = null;
    const world = async (): Promise<World> => {
      harness = await begin();
      return harness.world;
    };
    const tally = await crashEverywhere({ world, acts: () => (harness === null ? [] : acts(harness)) }, "effects");
    console.log(summary(what, tally));
    expect(tally.repeated).toBe(0);
  },
  60_000,
);
