/** What holds of every verdict, whatever the facts: nothing that is used, or not known, is ever unused. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { dayMs } from "../../../shared/domain/day.ts";
import type { RetirePolicy } from "../../../shared/domain/retire-policy.ts";
import { type ReportedUse, type UseFacts, UseVerdict } from "../../../shared/domain/use.ts";
import { judgeUse } from "../../../shared/engine/unused/decide/judge-use.ts";
import { anyDate, anything, date, policies, manyRuns as runs, using } from "../../support/use-arbitraries.ts";
import { useFacts, useNow } from "../../support/use-facts.ts";

function isUnused(facts: UseFacts, policy: RetirePolicy): boolean {
  return judgeUse(facts, policy).state === "unused";
}

const moments = ["latest", "asClient", "forUsers", "asResource", "asResourceForUsers"] as const;

/** The same facts with each known use so much later; none appears. A watch goes on seeing what it saw. */
function later({ reported: row, seen, keptAt, ...rest }: UseFacts, which: string, byMs: number): UseFacts {
  const move = (name: string, at: number | null) => (at !== null && name === which ? at + byMs : at);
  const moved = row ? { ...row, ...Object.fromEntries(moments.map((name) => [name, move(name, row[name])])) } : row;
  return {
    ...rest,
    reported: moved,
    seen: { ...seen, lastSuccess: move("lastSuccess", seen.lastSuccess) },
    keptAt: move("keptAt", keptAt),
  };
}

const knowable = [
  "enabled",
  "createdAt",
  "ssoMode",
  "appProxy",
  "calledBy",
  "privileges",
  "reported",
  "usersReach",
  "credentials",
  "disabledByUs",
  "underAttack",
] as const satisfies readonly (keyof UseFacts)[];

test("there is a verdict on everything, of the shape that is stored", () => {
  fc.assert(
    fc.property(anything, policies, (facts, policy) => {
      const verdict = judgeUse(facts, policy);
      expect(UseVerdict.safeParse(verdict).error).toBeUndefined();
    }),
    runs,
  );
});

test("the laws below are not empty: all verdicts occur", () => {
  const states = fc
    .sample(fc.tuple(anything, policies), { numRuns: 3_000, seed: 7 })
    .map(([facts, policy]) => judgeUse(facts, policy).state);
  expect(new Set(states)).toEqual(new Set(["used", "unused", "unknown", "exempt"]));
});

test("nothing with a known use within its window is unused", () => {
  fc.assert(
    fc.property(using(anyDate), policies, (facts, policy) => {
      const { state, windowDays } = judgeUse(facts, policy);
      const uses = [...Object.values(facts.reported ?? {}), facts.seen.lastSuccess, facts.keptAt];
      const within = uses.some(
        (at: number | null) => at !== null && Number.isFinite(at) && at > useNow - windowDays * dayMs,
      );
      if (within) expect(state).toBe("used");
      if (state === "unused") expect(windowDays).toBeGreaterThanOrEqual(policy.unusedDays);
    }),
    runs,
  );
});

test("a later use makes nothing unused that was not", () => {
  fc.assert(
    fc.property(
      using(date),
      policies,
      fc.constantFrom(...moments, "lastSuccess", "keptAt"),
      fc.integer({ min: 1, max: 900 }),
      (facts, policy, which, days) => {
        const { watchedSince, lastSuccess } = facts.seen;
        // a use that only now falls into the watch is knowledge that was not there
        fc.pre(which !== "lastSuccess" || watchedSince === null || lastSuccess === null || watchedSince <= lastSuccess);
        if (!isUnused(facts, policy)) expect(isUnused(later(facts, which, days * dayMs), policy)).toBe(false);
      },
    ),
    runs,
  );
});

test("to know less makes nothing unused that was not", () => {
  fc.assert(
    fc.property(anything, policies, fc.constantFrom(...knowable), (facts, policy, fact) => {
      if (!isUnused(facts, policy)) expect(isUnused({ ...facts, [fact]: undefined }, policy)).toBe(false);
    }),
    runs,
  );
});

test("a longer window makes nothing unused that a shorter one did not", () => {
  fc.assert(
    fc.property(using(date), policies, fc.nat({ max: 300 }), fc.nat({ max: 90 }), (facts, policy, ordinary, rare) => {
      const longer = { ...policy, unusedDays: policy.unusedDays + ordinary, rareDays: policy.rareDays + rare };
      const [before, after] = [judgeUse(facts, policy), judgeUse(facts, longer)];
      // what the longer one no longer calls a rest makes no rhythm: its window may be shorter
      fc.pre(after.windowDays >= before.windowDays);
      if (before.state !== "unused") expect(after.state).not.toBe("unused");
      expect(judgeUse(facts, { ...policy, rareDays: longer.rareDays }).windowDays).toBeGreaterThanOrEqual(
        before.windowDays,
      );
    }),
    runs,
  );
});

test("which signal saw a use is all one: nobody's date counts for more than another's", () => {
  fc.assert(
    fc.property(
      fc.array(date, { minLength: 5, maxLength: 5 }),
      policies,
      fc.nat({ max: 4 }),
      (dates, policy, shift) => {
        const row = (from: number) =>
          Object.fromEntries(
            moments.map((name, index) => [name, dates[(index + from) % 5] ?? null]),
          ) as unknown as ReportedUse;
        const of = (from: number) => judgeUse(useFacts({ reported: row(from) }), policy);
        expect([of(shift).state, of(shift).lastUsedAt]).toEqual([of(0).state, of(0).lastUsedAt]);
      },
    ),
  );
});
