import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyBaseline } from "../../../shared/domain/baseline.ts";
import type { LogRhythm } from "../../../shared/domain/log-rhythm.ts";
import { defaultTuning } from "../../../shared/domain/policy.ts";
import {
  type HistoryRow,
  noSigns,
  rememberUse,
  seenUse,
  signsOf,
} from "../../../shared/engine/unused/scan/use-history.ts";
import { watchAt } from "../../../shared/engine/unused/scan/watch-unbroken.ts";

const day = 24 * 3600_000;
const start = Date.parse("2026-01-05T03:15:00Z");

/** As nightly scans remember it: the report shows the last use before each. */
function nightly(nights: number, uses: readonly number[]): HistoryRow | null {
  let history: HistoryRow | null = null;
  for (let night = 0; night < nights; night++) {
    const now = start + night * day;
    const last = uses
      .map((use) => start + use * day)
      .filter((at) => at <= now)
      .at(-1);
    history = rememberUse("a", history, last === undefined ? [] : [last], noSigns, now);
  }
  return history;
}

const gapDays = (history: HistoryRow | null) =>
  history === null ? null : Math.round((seenUse(history, null).longestGapMs ?? 0) / day);

describe("the history of an identity", () => {
  it("shows the pause of a yearly job, long after baselines forgot it", () => {
    expect(gapDays(nightly(456, [0, 365]))).toBe(365);
    expect(gapDays(nightly(900, [0, 91, 182, 547]))).toBe(365);
  });

  it("counts the time before the first use that was ever seen of what was there already", () => {
    expect(gapDays(nightly(400, [365]))).toBe(365);
    expect(gapDays(nightly(400, []))).toBe(0);
  });

  it("is never shorter than the longest pause between two nights' uses, whatever nights there were", () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(days, (some) => {
        const uses = some.toSorted((a, b) => a - b);
        const gaps = uses.slice(1).map((use, i) => use - (uses[i] ?? use));
        return (gapDays(nightly(302, uses)) ?? 0) >= Math.max(...gaps);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps what our own hub saw when the baseline is gone", () => {
    const at = start - 100 * day;
    const seen = signsOf({
      ...emptyBaseline,
      signInsSince: at,
      seen: { day: { a: [at, at + 5], b: [at + 40 * day, at + 41 * day] } },
    });
    const before = rememberUse("a", null, [], seen, start);
    const after = seenUse(rememberUse("a", before, [], noSigns, start + 300 * day), start);
    const remembered = { lastSuccess: at + 41 * day, longestGapMs: 40 * day - 5, rememberedSince: start };
    expect(after).toEqual({ watchedSince: start, ...remembered });
  });
});

describe("the watch of the sign-in logs", () => {
  const minute = 60_000;
  const policy = { tuning: defaultTuning };

  function rhythm(last: number, gaps: Readonly<Record<number, number>> = {}): LogRhythm {
    const days = Array.from({ length: 14 }, (_, i) => new Date(last - i * day).toISOString().slice(0, 10));
    return { last, gaps: Object.fromEntries(days.map((name, i) => [name, gaps[i] ?? 10 * minute])) };
  }

  const log = (of: LogRhythm) => new Map([["ServicePrincipalSignInLogs", of]]);

  it("goes on from night to night, and counts from the first look", () => {
    const first = watchAt({ since: null, checkedAt: null }, log(rhythm(start)), policy, start);
    expect(first).toEqual({ since: null, checkedAt: start });
    const second = watchAt(first, log(rhythm(start + day)), policy, start + day);
    expect(second).toEqual({ since: start, checkedAt: start + day });
    expect(watchAt(second, log(rhythm(start + 2 * day)), policy, start + 2 * day).since).toBe(start);
  });

  it.each<[string, ReadonlyMap<string, LogRhythm>, number]>([
    ["a gap since the last look", log(rhythm(start + day, { 0: 5 * 3600_000 })), start + day],
    ["a silence that lasts", log(rhythm(start + day - 5 * 3600_000)), start + day],
    ["no record ever", new Map(), start + day],
    ["two weeks without a look", log(rhythm(start + 14 * day)), start + 14 * day],
    ["a rhythm that is not known yet", log({ last: start + day, gaps: {} }), start + day],
    [
      "a gap in the log of managed identities",
      new Map([...log(rhythm(start + day)), ["ManagedIdentitySignInLogs", rhythm(start + day, { 0: 5 * 3600_000 })]]),
      start + day,
    ],
  ])("is broken by %s", (_, rhythms, now) => {
    expect(watchAt({ since: start - 300 * day, checkedAt: start }, rhythms, policy, now)).toEqual({
      since: null,
      checkedAt: now,
    });
  });
});
