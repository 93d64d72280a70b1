/** What holds for every life of a retirement, whatever people and strangers do meanwhile, and in whatever order. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { isRetiring, mayGoOn, RetirementState } from "../../../shared/domain/retirement.ts";
import type { Harness } from "../../support/harness.ts";
import { refusedSignIn, victim } from "../../support/harness-cast.ts";
import { owner, restore, retiring, rowOf, say, stranger, told, used } from "../../support/harness-retirement.ts";
import { day } from "../../support/harness-world.ts";

const states = RetirementState.options;

it("comes to an end from every state, and to none that is not drawn", () => {
  for (const state of states.filter((one) => isRetiring({ state: one }))) {
    expect(mayGoOn(state, "back")).toBe(true);
    expect(mayGoOn(state, "restored")).toBe(true);
  }
  for (const last of ["gone", "restored"] as const) expect(states.filter((to) => mayGoOn(last, to))).toEqual([]);
  // nothing is deleted that was not disabled before, and nothing that is disabled is told anew
  expect(states.filter((from) => mayGoOn(from, "deleted"))).toEqual(["disabled", "asking"]);
  expect(states.filter((from) => mayGoOn(from, "told"))).toEqual(["back"]);
  for (const state of states) expect(mayGoOn(state, state)).toBe(false);
});

const deeds = {
  waits: async () => undefined,
  refused: async (harness: Harness) => void (await harness.deliver(refusedSignIn(harness.clock.now()))),
  used: async (harness: Harness) => used(harness),
  enabled: async (harness: Harness) =>
    harness.tenant.change((directory) => {
      for (const one of directory.servicePrincipals) one.accountEnabled = true;
    }),
  strangersKeep: (harness: Harness) => say(harness, "keep", { by: `eve (${stranger})`, asOwner: true }),
  ownersKeep: (harness: Harness) => say(harness, "keep", { by: `olga (${owner})`, asOwner: true }),
  release: (harness: Harness) => say(harness, "release"),
  restored: (harness: Harness) => restore(harness).catch(() => undefined),
  denied: (harness: Harness) => harness.decide("retire", "deny").catch(() => undefined),
} satisfies Record<string, (harness: Harness) => Promise<unknown>>;

type Deed = keyof typeof deeds;

it("is never deleted before it was disabled for its time, nor enabled by anybody but a person", async () => {
  const policy = retiring({ noticeDays: 2, disabledDays: 4 });
  const acts = fc.array(fc.tuple(fc.constantFrom(...(Object.keys(deeds) as Deed[])), fc.integer({ min: 1, max: 4 })), {
    minLength: 2,
    maxLength: 7,
  });
  await fc.assert(
    fc.asyncProperty(acts, async (some) => {
      const harness = await told(policy);
      for (const [deed, days] of some) {
        await deeds[deed](harness);
        await harness.run(days * day);
      }
      const wrote = (part: string) => harness.tenant.writes.find(({ line }) => line.includes(part))?.at;
      const off = wrote('"accountEnabled":false');
      const gone = wrote(`DELETE /applications/${victim.applicationId}`);
      if (gone !== undefined) expect(gone - (off ?? gone)).toBeGreaterThanOrEqual(4 * day);
      if (wrote('"accountEnabled":true') !== undefined) expect(some.map(([deed]) => deed)).toContain("restored");
      expect(harness.world.log.filter((line) => line.includes("cannot go from"))).toEqual([]);
      const { incidentId, state } = rowOf(harness);
      const isClosed = harness.events("incident.closed").some((notice) => notice.incidentId === incidentId);
      if (isClosed) expect(isRetiring({ state })).toBe(false);
    }),
    { numRuns: 40 },
  );
}, 60_000);
