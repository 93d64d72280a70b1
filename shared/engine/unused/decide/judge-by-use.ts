/** Used, unused, or not known: by the latest use and the window alone. */
import { dayMs, isoOf, wholeDays } from "../../../domain/day.ts";
import type { ReportedUse, UseFacts, UseReason, UseState } from "../../../domain/use.ts";
import { knownDate, type LastUse, readableDate } from "./last-use.ts";
import type { UseRule } from "./use-rules.ts";
import type { UseWindow } from "./windows.ts";

/** The report may lag by as much (learn.microsoft.com, latencies of Entra's logs): it knows nothing of the last day. */
export const reportLagMs = dayMs;

export interface JudgedByUse {
  readonly state: Exclude<UseState, "exempt">;
  readonly reason: UseReason;
}

function judged(state: JudgedByUse["state"], code: UseRule, words: string, data: UseReason["data"] = {}): JudgedByUse {
  return { state, reason: { code, words, data } };
}

/** Epoch ms: what is not later lies before the window. */
function windowBegins({ now }: UseFacts, { days }: UseWindow): number {
  return now - reportLagMs - days * dayMs;
}

function isEmpty(row: ReportedUse): boolean {
  return Object.values(row).every((at: number | null) => knownDate(at) === null);
}

/** Our own hub in place of the missing row: only where it must have seen any use since the last one that it saw. */
function seenByWatch({ seen, usersReach }: UseFacts, begins: number): boolean {
  const [since, last] = [readableDate(seen.watchedSince), readableDate(seen.lastSuccess)];
  if (since === null || last === null || usersReach !== false) return false;
  return since <= last && last <= begins;
}

export function judgeByUse(facts: UseFacts, window: UseWindow, last: LastUse): JudgedByUse {
  const begins = windowBegins(facts, window);
  const { reported } = facts;
  const lastUsed = last.at === null ? {} : { lastUsedAt: isoOf(last.at), daysAgo: wholeDays(facts.now - last.at) };
  const data = { ...lastUsed, windowDays: window.days };
  if (last.at !== null && last.at > begins) {
    return judged("used", "used", `It was used within ${window.days} days, last by ${last.by}.`, {
      ...data,
      by: last.by,
    });
  }
  if (last.unreadable) return judged("unknown", "date-unreadable", "A date of its use cannot be read.", data);
  if (reported === undefined) return judged("unknown", "report-unread", "The sign-in report could not be read.", data);
  if (reported !== null && isEmpty(reported)) {
    return judged("unknown", "report-empty-row", "The sign-in report holds no date of it.", data);
  }
  if (reported === null && !seenByWatch(facts, begins)) {
    return judged("unknown", "report-no-row", "The sign-in report has no row of it, which proves nothing.", data);
  }
  if (last.at === null || !(last.at <= begins)) {
    return judged("unknown", "date-unreadable", "The date of its last use cannot be read.", data);
  }
  const words = `Nobody used it for ${wholeDays(facts.now - last.at)} days, as client or resource.`;
  return judged("unused", reported === null ? "unused-by-watch" : "unused", words, data);
}
