/** When it is working hours somewhere, and when they begin next. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isWorking, nextWorking } from "../../shared/domain/working-hours.ts";

const at = (text: string) => Date.parse(text);
const berlin = { from: "09:00", to: "15:00", timeZone: "Europe/Berlin" };
const week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

test.each([
  ["2026-03-02T08:00:00Z", true], // Monday, nine in Berlin
  ["2026-03-02T07:59:00Z", false],
  ["2026-03-02T14:00:00Z", false],
  ["2026-03-06T10:00:00Z", false], // Friday
  ["2026-07-06T07:00:00Z", true], // nine in summer
])("%s is within: %s", (when, expected) => {
  expect(isWorking({ workingHours: berlin, workingDays: ["Mon", "Tue"] }, at(when))).toBe(expected);
});

test("without hours the days are those of UTC", () => {
  expect(isWorking({ workingDays: ["Mon"] }, at("2026-03-02T00:00:00Z"))).toBe(true);
  expect(isWorking({ workingDays: ["Mon"] }, at("2026-03-01T23:59:00Z"))).toBe(false);
});

test("what goes over midnight belongs to the day on which it began", () => {
  const nights = { workingHours: { from: "22:00", to: "04:00", timeZone: "UTC" }, workingDays: ["Mon" as const] };
  expect(["2026-03-02T23:00:00Z", "2026-03-03T03:00:00Z"].map((when) => isWorking(nights, at(when)))).toEqual([
    true,
    true,
  ]);
  expect(["2026-03-02T03:00:00Z", "2026-03-03T23:00:00Z"].map((when) => isWorking(nights, at(when)))).toEqual([
    false,
    false,
  ]);
});

test("the next time lies within, after now, and is the first there is", () => {
  const days = fc.subarray([...week], { minLength: 1 });
  const hour = fc.integer({ min: 0, max: 23 }).map((n) => `${String(n).padStart(2, "0")}:00`);
  const hours = fc.tuple(hour, hour).filter(([from, to]) => from !== to);
  fc.assert(
    fc.property(
      days,
      hours,
      fc.constantFrom("UTC", "Europe/Berlin"),
      fc.nat(7 * 24 * 60),
      (workingDays, [from, to], timeZone, minutes) => {
        const when = { workingHours: { from, to, timeZone }, workingDays };
        const now = at("2026-03-02T00:00:00Z") + minutes * 60_000;
        const next = nextWorking(when, now);
        if (next === null) throw new Error("there is one in every week");
        expect(next).toBeGreaterThan(now);
        expect(isWorking(when, next)).toBe(true);
        const before = next - 5 * 60_000;
        if (before > now) expect(isWorking(when, before)).toBe(false);
      },
    ),
    { numRuns: 40 },
  );
});
