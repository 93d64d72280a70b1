/** Somebody fails to sign in as the identity again and again. */
import type { Baseline } from "../domain/baseline.ts";
import { disabledErrorCode, type EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import type { Tuning } from "../domain/policy.ts";
import { blockedErrorCode } from "../domain/sign-in-values.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { exampleBaseline, minutesBefore, signInExample } from "./support/sign-in-examples.ts";

/** Refused with the right credential: other detections tell of these. */
const refusals = new Set([disabledErrorCode, blockedErrorCode]);

const failed = (change: Partial<EventOf<"signed-in">>) => signInExample({ errorCode: 7000215, ...change });
/** Ten in nine minutes before the examples, and one the day before. */
const failures = Object.fromEntries(
  [...Array(10).keys(), 24 * 60].map((minutes) => [
    `failure-${minutes}`,
    [minutesBefore(minutes), minutesBefore(minutes)] as [number, number],
  ]),
);

export const manyFailedSignIns = defineDetection({
  id: "many-failed-sign-ins",
  title: "Sign-ins of the identity fail again and again",
  severity: "low",
  attack: ["T1110"],
  patterns: ["E3"],
  guide: {
    why: "Somebody tries secrets that they found or guess, or goes on using one that was rotated away from them.",
    check:
      "The error codes (7000215 a wrong secret, 7000222 an expired one), the addresses, and whether a sign-in succeeded afterwards.",
    falsePositives: "A job whose secret expired and that tries every minute: by far the most common cause.",
    tune: "tuning.failedSignIns gives the count and the minutes. Strangers can cause it, so it is only ever told, once a day.",
  },
  on: ["signed-in"],
  // whoever knows the appId can do this
  ceiling: "notify",
  evaluate,
  examples: {
    facts: { baseline: exampleBaseline({ failure: failures }) },
    match: [failed({}), failed({ occurredAt: "2026-03-02T09:35:00.000Z" })],
    ignore: [
      signInExample({}),
      // alone, the day before
      failed({ occurredAt: "2026-03-01T09:41:00.000Z" }),
      // refused because somebody disabled it, perhaps we
      failed({ errorCode: disabledErrorCode }),
      failed({ errorCode: blockedErrorCode }),
    ],
  },
});

function evaluate(event: EventOf<"signed-in">, { baseline, tuning }: DetectionFacts): Match | null {
  if (event.errorCode === 0 || refusals.has(event.errorCode) || !baseline) return null;
  const { count, minutes } = tuning.failedSignIns;
  const since = crowdAround(baseline, Date.parse(event.occurredAt), tuning.failedSignIns);
  if (since === null) return null;
  return {
    title: `At least ${count} sign-ins of the identity failed within ${minutes} minutes`,
    // by the day on which they began: a job with an expired secret tries around the clock
    dedupeBy: new Date(since).toISOString().slice(0, 10),
    details: { about: "failed-sign-ins", count, minutes },
  };
}

/**
 * When the first window began that holds the event and enough failures; null: none does. Failures after the event count as well:
 * whichever record comes last, by then the window is whole, so the order of the records changes nothing.
 */
function crowdAround({ seen }: Baseline, at: number, { count, minutes }: Tuning["failedSignIns"]): number | null {
  const times = Object.values(seen.failure ?? {})
    .map(([first]) => first)
    .sort((a, b) => a - b);
  const windowMs = minutes * 60_000;
  const starts = times.filter((start, index) => {
    const last = times[index + count - 1];
    return start <= at && at <= start + windowMs && last !== undefined && last <= start + windowMs;
  });
  return starts[0] ?? null;
}
