/** The latest use of an identity over every signal there is: the report's five activities, our own hub, and what people said. */
import type { ReportedUse, UseFacts } from "../../../domain/use.ts";

export interface LastUse {
  /** epoch ms, never later than now; null: no use is known */
  readonly at: number | null;
  /** in words; null: no use is known */
  readonly by: string | null;
  /** a signal holds something that is no date: what it wanted to say is not known */
  readonly unreadable: boolean;
}

const activities: Readonly<Record<keyof ReportedUse, string>> = {
  asClient: "signing in for itself",
  forUsers: "signing in for users",
  asResource: "being called by others",
  asResourceForUsers: "being called for users",
  latest: "the report's latest activity",
};

/** Null for never: some services write it as the year 1. */
export function knownDate(at: number | null): number | null {
  return at === null || at <= 0 ? null : at;
}

/** A date that can be reckoned with; null for never, and for what is none. */
export function readableDate(at: number | null): number | null {
  const known = knownDate(at);
  return known !== null && Number.isFinite(known) ? known : null;
}

type Signal = readonly [by: string, at: number];

function signalsOf({ reported, seen, keptAt }: UseFacts): readonly Signal[] {
  const report = Object.entries(activities).map(
    ([activity, by]) => [by, reported?.[activity as keyof ReportedUse] ?? null] as const,
  );
  const all = [
    ...report,
    ["a sign-in that we saw", seen.lastSuccess] as const,
    ["somebody's word that it is needed", keptAt] as const,
  ];
  return all.flatMap(([by, value]) => {
    const at = knownDate(value);
    return at === null ? [] : [[by, at] as const];
  });
}

/** A date in the future is believed as a use, now: it must never make anything unused. */
export function lastUseOf(facts: UseFacts): LastUse {
  const signals = signalsOf(facts);
  const readable = signals.filter(([, at]) => Number.isFinite(at));
  const latest = readable.reduce<Signal | null>(
    (best, each) => (best === null || each[1] > best[1] ? each : best),
    null,
  );
  return {
    at: latest === null ? null : Math.min(latest[1], facts.now),
    by: latest?.[0] ?? null,
    unreadable: readable.length < signals.length,
  };
}
