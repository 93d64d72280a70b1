// The schedule syntax of timer triggers.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextOccurrence, parseNcrontab } from "../../../local/host/ncrontab.ts";

function next(expression: string, after: string): string {
  return nextOccurrence(parseNcrontab(expression), new Date(after)).toISOString();
}

describe("an NCRONTAB schedule", () => {
  it.each([
    ["*/10 * * * * *", "2026-03-01T00:00:00.500Z", "2026-03-01T00:00:10.000Z"],
    ["*/10 * * * * *", "2026-03-01T00:00:10.000Z", "2026-03-01T00:00:20.000Z"],
    ["0 30 3 * * *", "2026-03-01T03:30:00.000Z", "2026-03-02T03:30:00.000Z"],
    ["0 0 9-17/4 * * 1-5", "2026-03-06T17:00:00.000Z", "2026-03-09T09:00:00.000Z"],
    ["15,45 0 0 1 jan,JUL *", "2026-01-01T00:00:45.000Z", "2026-07-01T00:00:15.000Z"],
    ["0 0 0 29 2 *", "2026-01-01T00:00:00.000Z", "2028-02-29T00:00:00.000Z"],
    ["0 0 0 13 * fri", "2026-01-01T00:00:00.000Z", "2026-02-13T00:00:00.000Z"],
    ["5 4 * * *", "2026-01-01T00:00:00.000Z", "2026-01-01T04:05:00.000Z"],
    ["5/20 * * * * *", "2026-01-01T00:00:06.000Z", "2026-01-01T00:00:25.000Z"],
  ])("%s after %s is due at %s", (expression, after, due) => {
    expect(next(expression, after)).toBe(due);
  });

  it.each([
    ["* * *", /3 fields/],
    ["60 * * * * *", /"60" is no second/],
    ["* * * * foo *", /"foo" is no month/],
    ["*/0 * * * * *", /empty/],
    ["9-5 * * * * *", /empty/],
    ["1,,2 * * * * *", /cannot read ""/],
  ])("%s is refused with the reason", (expression, reason) => {
    expect(() => parseNcrontab(expression)).toThrow(reason);
  });

  it("that can never be due says so instead of searching for ever", () => {
    expect(() => next("0 0 0 30 2 *", "2026-01-01T00:00:00.000Z")).toThrow(/never occurs/);
  });

  it("is next due at the first later second that matches every field", () => {
    const step = fc.integer({ min: 1, max: 30 }).map((every) => `*/${every}`);
    const start = fc.integer({ min: 0, max: 4e9 }).map((seconds) => new Date(seconds * 1000));
    fc.assert(
      fc.property(step, step, start, (seconds, minutes, after) => {
        const [every, everyMinute] = [Number(seconds.slice(2)), Number(minutes.slice(2))];
        const due = new Date(after.getTime() + 1000);
        while (due.getUTCSeconds() % every !== 0 || due.getUTCMinutes() % everyMinute !== 0) {
          due.setTime(due.getTime() + 1000);
        }
        const found = nextOccurrence(parseNcrontab(`${seconds} ${minutes} * * * *`), after);
        expect(found).toEqual(due);
      }),
    );
  });
});
