/** Used, unused, unknown or exempt: each rule once, at its edges. */
import { describe, expect, test } from "vitest";
import { dayMs } from "../../../shared/domain/day.ts";
import { defaultRetirePolicy as policy } from "../../../shared/domain/retire-policy.ts";
import type { ReportedUse, UseFacts } from "../../../shared/domain/use.ts";
import { judgeUse } from "../../../shared/engine/unused/decide/judge-use.ts";
import { daysAgo, reportedAt, useFacts, useNow } from "../../support/use-facts.ts";

function decided(changes: Partial<UseFacts>): string {
  const { state, reasons } = judgeUse(useFacts(changes), policy);
  return `${state}: ${reasons[0]?.code}`;
}

function window(changes: Partial<UseFacts>): string {
  const { windowDays, reasons } = judgeUse(useFacts(changes), policy);
  return `${windowDays}: ${reasons.at(-1)?.code}`;
}

const unwatched = { watchedSince: null, lastSuccess: null, longestGapMs: null };

describe("the latest use", () => {
  const activities: readonly (keyof ReportedUse)[] = [
    "latest",
    "asClient",
    "forUsers",
    "asResource",
    "asResourceForUsers",
  ];

  test.each(activities)("counts %s of the report", (activity) => {
    expect(decided({ reported: reportedAt(daysAgo(5), activity) })).toBe("used: used");
    expect(decided({ reported: reportedAt(daysAgo(95), activity) })).toBe("unused: unused");
  });

  test("counts a sign-in on our own hub, and a word of people, against a report that is older", () => {
    expect(decided({ seen: { ...unwatched, lastSuccess: daysAgo(5) } })).toBe("used: used");
    expect(decided({ keptAt: daysAgo(5) })).toBe("used: used");
  });

  test("leaves the report a day to lag: the window's end comes a day later", () => {
    expect(decided({ reported: reportedAt(daysAgo(91) + 1) })).toBe("used: used");
    expect(decided({ reported: reportedAt(daysAgo(91)) })).toBe("unused: unused");
  });

  test("takes a date in the future for a use, and tells it as now", () => {
    expect(judgeUse(useFacts({ reported: reportedAt(daysAgo(-400)) }), policy)).toMatchObject({
      state: "used",
      lastUsedAt: useNow,
    });
  });
});

describe("what is not known", () => {
  test("is not unused: no report, no row, a row without dates, a date that is none", () => {
    const empty = reportedAt(0);
    expect(decided({ reported: undefined })).toBe("unknown: report-unread");
    expect(decided({ reported: null })).toBe("unknown: report-no-row");
    expect(decided({ reported: { ...empty, asClient: null } })).toBe("unknown: report-empty-row");
    expect(decided({ reported: reportedAt(Number.NaN, "asResource") })).toBe("unknown: date-unreadable");
  });

  test("takes the year 1, in which some services write never, for no date", () => {
    expect(decided({ reported: reportedAt(Date.parse("0001-01-01T00:00:00Z")) })).toBe("unknown: report-empty-row");
  });

  test("is used all the same, where one signal is within the window", () => {
    expect(decided({ reported: undefined, keptAt: daysAgo(5) })).toBe("used: used");
    expect(decided({ reported: null, seen: { ...unwatched, lastSuccess: daysAgo(5) } })).toBe("used: used");
  });
});

describe("a row that is missing", () => {
  const seen = { watchedSince: daysAgo(170), lastSuccess: daysAgo(120), longestGapMs: dayMs };
  const quiet = { reported: null, seen };

  test("is replaced by our own watch, where it must have seen every use", () => {
    expect(decided(quiet)).toBe("unused: unused-by-watch");
  });

  test("is not, if users can reach it, or nobody knows", () => {
    expect(decided({ ...quiet, usersReach: true })).toBe("unknown: report-no-row");
    expect(decided({ ...quiet, usersReach: undefined })).toBe("unknown: report-no-row");
  });

  test("is not, if the watch was interrupted since, or never saw it", () => {
    expect(decided({ ...quiet, seen: { ...seen, watchedSince: daysAgo(119) } })).toBe("unknown: report-no-row");
    expect(decided({ ...quiet, seen: { ...seen, watchedSince: null } })).toBe("unknown: report-no-row");
    expect(decided({ ...quiet, seen: { ...seen, lastSuccess: null } })).toBe("unknown: report-no-row");
  });
});

describe("the window", () => {
  test("is longer for what is privileged, and for what nobody knows to be not", () => {
    expect(window({})).toBe("90: window-ordinary");
    expect(window({ privileges: ["Application.ReadWrite.All"] })).toBe("400: window-privileged");
    expect(window({ privileges: undefined })).toBe("400: window-unread-privileges");
    expect(decided({ privileges: ["Application.ReadWrite.All"] })).toBe("used: used");
  });

  test("is longer for what was once quiet for longer than it, and used again", () => {
    expect(window({ seen: { ...unwatched, longestGapMs: 90 * dayMs } })).toBe("90: window-ordinary");
    expect(window({ seen: { ...unwatched, longestGapMs: 92 * dayMs } })).toBe("400: window-rhythm");
  });

  test("is longer than a year where the rhythm is", () => {
    expect(window({ seen: { ...unwatched, longestGapMs: 730 * dayMs } })).toBe("803: window-rhythm");
  });

  test("takes a single use after a long watch for a rhythm, too: the yearly job, seen once", () => {
    const seen = { watchedSince: daysAgo(420), lastSuccess: daysAgo(150), longestGapMs: null };
    expect(window({ seen })).toBe("400: window-rhythm");
    expect(window({ seen, createdAt: daysAgo(160) })).toBe("90: window-ordinary");
  });

  describe("of the privileged", () => {
    const since = daysAgo(401);
    const seen = { watchedSince: since, rememberedSince: since, lastSuccess: daysAgo(200), longestGapMs: 7 * dayMs };
    const known = { privileges: ["Application.ReadWrite.All"], seen };

    test("is the ordinary one once our own history is as long", () => {
      expect(window(known)).toBe("90: window-own-history");
      expect(window({ ...known, seen: { ...seen, watchedSince: daysAgo(399) } })).toBe("400: window-privileged");
    });

    test("is not for one that our history knows for less long, or forgot and began anew, however long we watch the tenant", () => {
      for (const rememberedSince of [daysAgo(210), null]) {
        expect(window({ ...known, seen: { ...seen, rememberedSince } })).toBe("400: window-privileged");
      }
      expect(
        decided({ ...known, reported: reportedAt(daysAgo(200)), seen: { ...seen, rememberedSince: daysAgo(210) } }),
      ).toBe("used: used");
    });

    test("is not, if that history shows a long rest, or cannot have seen users", () => {
      expect(window({ ...known, seen: { ...seen, longestGapMs: 180 * dayMs } })).toBe("400: window-rhythm");
      expect(window({ ...known, reported: reportedAt(daysAgo(600), "forUsers") })).toBe("400: window-privileged");
      expect(window({ ...known, reported: null, usersReach: undefined })).toBe("400: window-privileged");
    });
  });
});

describe("the reasons", () => {
  test("name what is known before what is not, and end with what its use comes to", () => {
    const { state, reasons } = judgeUse(useFacts({ appProxy: undefined, restoredAt: daysAgo(9) }), policy);
    expect(state).toBe("exempt");
    expect(reasons.map(({ code }) => code)).toEqual([
      "restored-before",
      "application-proxy",
      "unused",
      "window-ordinary",
    ]);
  });

  test("say it in words and in data, without the name that the object claims", () => {
    const verdict = judgeUse(useFacts(), policy);
    expect(verdict.reasons[0]).toEqual({
      code: "unused",
      words: "Nobody used it for 200 days, as client or resource.",
      data: { lastUsedAt: new Date(daysAgo(200)).toISOString(), daysAgo: 200, windowDays: 90 },
    });
    expect(JSON.stringify(verdict)).not.toContain("Old job");
  });

  test("judge by its use what we retired ourselves", () => {
    expect(decided({ enabled: false, disabledByUs: "retired" })).toBe("unused: unused");
    expect(decided({ enabled: false, disabledByUs: "retired", keptAt: daysAgo(1) })).toBe("used: used");
  });
});
