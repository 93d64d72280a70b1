/**
 * Since when have we watched workloads sign in without a break? Freshness remembers two weeks, so each scan looks at the days since the one
 * before, and keeps the answer. A break is a gap longer than `tuning.silence` bears, as `detection-silenced` has it.
 */
import { dayMs } from "../../../domain/day.ts";
import type { LogCategory } from "../../../domain/event.ts";
import { type LogRhythm, usualGapMs } from "../../../domain/log-rhythm.ts";
import type { Policy } from "../../../domain/policy.ts";
import type { ScanState } from "./scan-state.ts";

/** Of service principals always; of managed identities where there are any: what has no log never had one. */
const logs: readonly { readonly category: LogCategory; readonly must: boolean }[] = [
  { category: "ServicePrincipalSignInLogs", must: true },
  { category: "ManagedIdentitySignInLogs", must: false },
];

/** Freshness knows the gaps of two weeks: what was not looked at for nearly as long is not known. */
const knownMs = 13 * dayMs;

type Watch = ScanState["watch"];

/** Pure: the watch as it is now. Where it broke, it begins anew; what was never watched begins when its rhythm is known. */
export function watchAt(
  watch: Watch,
  rhythms: ReadonlyMap<string, LogRhythm>,
  policy: Pick<Policy, "tuning">,
  now: number,
): Watch {
  const from = watch.checkedAt;
  const isUnbroken =
    from !== null &&
    now - from < knownMs &&
    logs.every(({ category, must }) => {
      const rhythm = rhythms.get(category);
      return rhythm === undefined ? !must : cameUnbroken(rhythm, policy, from, now);
    });
  if (isUnbroken) return { since: watch.since ?? from, checkedAt: now };
  return { since: null, checkedAt: now };
}

/** The gaps of the day of `from` count as well: they may have ended after it. */
function cameUnbroken(
  { last, gaps }: LogRhythm,
  { tuning }: Pick<Policy, "tuning">,
  from: number,
  now: number,
): boolean {
  const firstDay = new Date(from).toISOString().slice(0, 10);
  const earlier = Object.entries(gaps).filter(([day]) => day < firstDay);
  const since = Object.entries(gaps).filter(([day]) => day >= firstDay);
  const usual = usualGapMs({ last, gaps: Object.fromEntries(earlier) });
  if (usual === null) return false;
  const bearable = Math.max(tuning.silence.factor * usual, tuning.silence.atLeastMinutes * 60_000);
  return now - last <= bearable && since.every(([, gap]) => gap <= bearable);
}
