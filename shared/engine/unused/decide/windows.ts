/**
 * For how long it has to be unused. The report holds only the *last* use, so a yearly rhythm cannot be read from it: what is privileged gets
 * `rareDays` until our own history is as long, and whatever was once quiet for long and then used again gets them for good.
 */
import { dayMs, wholeDays } from "../../../domain/day.ts";
import type { RetirePolicy } from "../../../domain/retire-policy.ts";
import type { SeenUse, UseFacts, UseReason } from "../../../domain/use.ts";
import { knownDate, readableDate } from "./last-use.ts";
import type { WindowRule } from "./use-rules.ts";

export interface UseWindow {
  readonly days: number;
  /** the rule's code, and why */
  readonly reason: UseReason & { readonly code: WindowRule };
}

/** A rhythm is met with a tenth to spare, as 400 days are to a year. */
const spare = 1 / 10;

/** The longest time for which it was quiet and then used again, as far as we saw; ms, and null for none. */
function quietBeforeUse({ watchedSince, lastSuccess, longestGapMs }: SeenUse, createdAt: number | undefined) {
  if (longestGapMs !== null) return Number.isFinite(longestGapMs) ? longestGapMs : null;
  // a single success, after a watch that saw nothing until then
  const [since, last] = [readableDate(watchedSince), readableDate(lastSuccess)];
  if (since === null || last === null) return null;
  const quiet = last - Math.max(since, readableDate(createdAt ?? null) ?? since);
  return quiet > 0 ? quiet : null;
}

/** Our hub sees workloads alone: its history tells all only of what users cannot use, or never did, and nobody called. */
function seesAll({ reported, usersReach }: UseFacts): boolean {
  if (!reported) return reported === null && usersReach === false;
  return [reported.forUsers, reported.asResource, reported.asResourceForUsers].every((at) => knownDate(at) === null);
}

/** The watch of everybody, and what is remembered of this one: a young identity, or one that was away, has no long history. */
function historyDays({ seen, now }: UseFacts): number {
  const [watched, remembered] = [readableDate(seen.watchedSince), readableDate(seen.rememberedSince ?? null)];
  if (watched === null || remembered === null) return 0;
  return Math.max(0, wholeDays(now - Math.max(watched, remembered)));
}

function windowAt(code: WindowRule, days: number, words: string, data: UseReason["data"] = {}): UseWindow {
  return { days, reason: { code, words, data: { ...data, windowDays: days } } };
}

/** Which window holds for it, and by which rule. Privileges that nobody could read count as privileges. */
export function windowOf(facts: UseFacts, { unusedDays, rareDays }: RetirePolicy): UseWindow {
  const rare = Math.max(unusedDays, rareDays);
  const quiet = quietBeforeUse(facts.seen, facts.createdAt);
  if (quiet !== null && quiet > unusedDays * dayMs) {
    const days = Math.max(rare, Math.ceil(quiet / dayMs + (quiet / dayMs) * spare));
    const words = `It was once quiet for ${wholeDays(quiet)} days and then used again.`;
    return windowAt("window-rhythm", days, words, { quietDays: wholeDays(quiet) });
  }
  const { privileges } = facts;
  if (privileges !== undefined && privileges.length === 0) {
    return windowAt("window-ordinary", unusedDays, "It holds nothing that makes it privileged.");
  }
  const watched = historyDays(facts);
  if (watched >= rare && seesAll(facts)) {
    const words = `Our own unbroken history of ${watched} days shows no use that is rarer.`;
    return windowAt("window-own-history", unusedDays, words, { watchedDays: watched });
  }
  if (privileges === undefined) {
    return windowAt("window-unread-privileges", rare, "It is not known whether it is privileged.");
  }
  return windowAt("window-privileged", rare, "It is privileged.", { privileges: [...privileges] });
}
