/**
 * What scans remember of each identity, from one to the next, for as long as it is there: baselines forget after `tuning.forgetDays`, and the
 * report holds only the last use, but a yearly rhythm is seen by who looked every day. Where scans failed for long, a gap may be counted too
 * long, which only makes the window longer.
 */
import { z } from "zod";
import type { Baseline } from "../../../domain/baseline.ts";
import type { SeenUse } from "../../../domain/use.ts";

/**
 * [appId, first seen, last use by any signal, longest quiet time before a use, last success on our own hub, the scan that began this row];
 * −1: none. Epoch ms, ms. What was forgotten, or was away for a while, is remembered anew: its row tells of nothing before that.
 */
export const HistoryRow = z.tuple([z.string(), z.number(), z.number(), z.number(), z.number(), z.number()]);
export type HistoryRow = z.infer<typeof HistoryRow>;

const none = -1;

/** Of our own hub: what the baseline still holds. */
export interface HubSigns {
  readonly firstSeen: number | null;
  readonly lastSuccess: number | null;
  readonly longestGapMs: number | null;
}

export const noSigns: HubSigns = { firstSeen: null, lastSuccess: null, longestGapMs: null };

/** Null: nothing was ever learned of it. */
export function signsOf(baseline: Baseline | null): HubSigns {
  if (baseline === null) return noSigns;
  const days = Object.values(baseline.seen.day ?? {}).toSorted(([a], [b]) => a - b);
  const gaps = days.slice(1).map(([first], i) => first - (days[i]?.[1] ?? first));
  const lasts = days.map(([, last]) => last);
  const since = [baseline.signInsSince, baseline.changesSince].filter((at) => at !== null);
  return {
    firstSeen: since.length === 0 ? null : Math.min(...since),
    lastSuccess: lasts.length === 0 ? null : Math.max(...lasts),
    longestGapMs: gaps.length === 0 ? null : Math.max(...gaps),
  };
}

/** `reported`: epoch ms of every use the report tells of. */
export function rememberUse(
  id: string,
  before: HistoryRow | null,
  reported: readonly number[],
  signs: HubSigns,
  now: number,
): HistoryRow {
  const [, firstBefore, lastBefore, gapBefore, hubBefore, begun] = before ?? [id, now, none, none, none, now];
  const used = [...reported, signs.lastSuccess ?? none].filter((at) => at > 0).map((at) => Math.min(at, now));
  const last = Math.max(lastBefore, ...used);
  const first = Math.min(firstBefore, ...used, signs.firstSeen ?? now);
  const quiet = last > lastBefore ? quietBefore(lastBefore, before === null ? null : firstBefore, used) : none;
  const gap = Math.max(gapBefore, quiet, signs.longestGapMs ?? none);
  return [id, first, last, gap, Math.max(hubBefore, signs.lastSuccess ?? none), begun];
}

/** Until it was used again, or, where it never was until now, from the first scan that saw it; ms. */
function quietBefore(lastBefore: number, firstBefore: number | null, used: readonly number[]): number {
  if (lastBefore > 0) return Math.max(...used) - lastBefore;
  return firstBefore === null ? none : Math.min(...used) - firstBefore;
}

/** Since when it is known to be there, epoch ms. */
export function firstSeen([, first]: HistoryRow): number {
  return first;
}

export function seenUse([, , , gap, hub, begun]: HistoryRow, watchedSince: number | null): SeenUse {
  return {
    watchedSince,
    lastSuccess: hub > 0 ? hub : null,
    longestGapMs: gap > 0 ? gap : null,
    rememberedSince: begun,
  };
}
