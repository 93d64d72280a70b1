/** A Conditional Access policy did, or would have done, to the identity what it did not do before. */
import type { EventOf } from "../../domain/event.ts";
import type { Match } from "../../domain/finding.ts";
import type { DetectionFacts } from "../detection.ts";
import { newValue } from "./sign-in-news.ts";
import { signedInDetails } from "./signed-in-details.ts";

/** `seen`: values of the facet `conditional-access`, `kind:policy id`. */
export function policyMatch(
  event: EventOf<"signed-in">,
  { baseline }: DetectionFacts,
  seen: readonly string[],
  { title, remark }: { readonly title: string; readonly remark: string },
): Match | null {
  if (!baseline) return null;
  const news = seen.filter((value) => newValue(baseline, "conditional-access", value, event) !== null).sort();
  if (news.length === 0) return null;
  const policies = news.map((value) => value.slice(value.indexOf(":") + 1)).join(", ");
  const named = policies === "?" ? "a policy that the record does not name" : policies;
  return { title, dedupeBy: news.join(), details: signedInDetails(event, `${remark} ${named}`) };
}
