/** A Conditional Access policy did, or would have done, to the identity what it did not do before. */
import { isLearnedAt } from "../../domain/baseline.ts";
import type { EventOf } from "../../domain/event.ts";
import type { Match } from "../../domain/finding.ts";
import type { DetectionFacts } from "../detection.ts";
import { newValue } from "./sign-in-news.ts";
import { signedInDetails } from "./signed-in-details.ts";

/** `seen`: values of the facet `conditional-access`, `kind:policy id`. */
export function policyMatch(
  event: EventOf<"signed-in">,
  { baseline, tuning }: DetectionFacts,
  seen: readonly string[],
  { title, remark }: { readonly title: string; readonly remark: string },
): Match | null {
  if (!baseline) return null;
  const news = seen.filter((value) => newValue(baseline, "conditional-access", value, event) !== null).sort();
  if (news.length === 0) return null;
  const policies = news.map((value) => value.slice(value.indexOf(":") + 1)).join(", ");
  const named = policies === "?" ? "a policy that the record does not name" : policies;
  const match = { title, dedupeBy: news.join(), details: signedInDetails(event, `${remark} ${named}`) };
  // while it is watched only for days, what a policy always did to it looks new as well
  const isWatched = isLearnedAt(baseline, Date.parse(event.occurredAt), tuning.learningDays);
  return isWatched ? match : { ...match, ceiling: "notify" };
}
