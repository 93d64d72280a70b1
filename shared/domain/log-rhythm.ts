/**
 * How regularly the records of one log come: when the last one came, and the longest gap of each day on which some came. Instances
 * see different parts of a log and write now and then, so a gap may count up to that much too long, and never too short.
 */
import { z } from "zod";

export const LogRhythm = z.object({
  /** epoch ms at which the newest record came */
  last: z.number(),
  /** `YYYY-MM-DD` on which records came → ms of the longest gap that ended then; of the last two weeks */
  gaps: z.record(z.string(), z.number()),
});
export type LogRhythm = z.infer<typeof LogRhythm>;

/** What one instance has seen and not written yet: from when to when they came without a break, epoch ms, in order. */
export type Arrivals = readonly (readonly [from: number, to: number])[];

/** Shorter ones are no gaps. */
const breakMs = 60_000;
const runsKept = 256;
const daysKept = 14;
const dayMs = 24 * 3600_000;

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** One more record; what came before the last one says nothing about gaps. */
export function withArrival(seen: Arrivals, at: number): Arrivals {
  const [from, to] = seen.at(-1) ?? [at, Number.NEGATIVE_INFINITY];
  if (at <= to) return seen;
  return at - to < breakMs ? [...seen.slice(0, -1), [from, at]] : [...seen, [at, at] as const].slice(-runsKept);
}

/** The same arrivals twice change nothing; neither do older ones. What others have written meanwhile fills what was a gap to us. */
export function withArrivals(known: LogRhythm | undefined, arrivals: Arrivals): LogRhythm | undefined {
  let rhythm = known;
  for (const [from, to] of arrivals) {
    if (rhythm !== undefined && to <= rhythm.last) continue;
    const gapMs = rhythm === undefined ? 0 : Math.max(0, from - rhythm.last);
    rhythm = { last: to, gaps: kept(longer(longer(rhythm?.gaps ?? {}, from, gapMs), to, 0), to) };
  }
  return rhythm;
}

function longer(gaps: Readonly<Record<string, number>>, at: number, gapMs: number): Record<string, number> {
  const day = dayOf(at);
  return { ...gaps, [day]: Math.max(gaps[day] ?? 0, gapMs) };
}

function kept(gaps: Readonly<Record<string, number>>, last: number): Record<string, number> {
  const from = dayOf(last - daysKept * dayMs);
  return Object.fromEntries(Object.entries(gaps).filter(([day]) => day > from));
}

/** What is usual is not known before so many days. */
const daysToLearn = 3;

/** ms; null: not known yet. */
export function usualGapMs({ gaps }: LogRhythm): number | null {
  const known = Object.values(gaps);
  return known.length < daysToLearn ? null : Math.max(...known);
}
