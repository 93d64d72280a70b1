/** What the labels say against what was found: one verdict for each labelled record. */
import type { Policy } from "../../shared/domain/policy.ts";
import { lineOf } from "../detections-doc/policy-line.ts";
import type { Label } from "./corpus.ts";
import type { Disputed } from "./disputed.ts";
import type { Went } from "./walk.ts";

export type Verdict = { readonly label: Label; readonly went: Went | null } & (
  | { readonly is: "found"; readonly by: readonly string[] }
  /** `others`: what was found in it all the same, by detections of other patterns */
  | { readonly is: "missed"; readonly others: readonly string[] }
  | { readonly is: "disputed"; readonly why: string }
  | { readonly is: "out-of-scope" }
  /** `acting`: detections whose line would act or ask; only they count against us */
  | { readonly is: "hit"; readonly by: readonly string[]; readonly acting: readonly string[] }
  | { readonly is: "quiet" }
  /** there is no such record, so nothing can be said of it */
  | { readonly is: "absent" }
  | { readonly is: "neither"; readonly by: readonly string[] }
);

/** The patterns that are promised, as the catalogue numbers them. */
const inScope = /^(A([1-5]|9|11|12)|B[1-8]|C([1-4]|6|8|9|1[0-2]|14)|D[1-4]|E([1-3]|[5-8]))$/;

export interface Judged {
  readonly policy: Policy;
  /** pattern ids by detection */
  readonly patterns: ReadonlyMap<string, readonly string[]>;
  readonly disputed: readonly Disputed[];
}

export function verdictOf(label: Label, went: Went | null, judged: Judged): Verdict {
  const found = [...new Set(went?.found.map(({ detection }) => detection) ?? [])];
  if (label.label === "TP") return { label, went, ...ofAttack(label, went, found, judged) };
  if (went === null) return { label, went, is: "absent" };
  if (label.label !== "TN") return { label, went, is: "neither", by: found };
  if (found.length === 0) return { label, went, is: "quiet" };
  return { label, went, is: "hit", by: found, acting: found.filter((id) => acts(judged.policy, id)) };
}

function ofAttack({ pattern }: Label, went: Went | null, found: readonly string[], judged: Judged) {
  if (!inScope.test(pattern)) return { is: "out-of-scope" } as const;
  const by = found.filter((id) => judged.patterns.get(id)?.includes(pattern));
  if (by.length > 0) return { is: "found", by } as const;
  const dispute = judged.disputed.find(({ recordId }) => recordId === went?.recordId);
  return dispute === undefined
    ? ({ is: "missed", others: found } as const)
    : ({ is: "disputed", why: dispute.why } as const);
}

/** Read as if the whole policy were at `enforce`: the line alone decides. */
function acts(policy: Policy, id: string): boolean {
  const { max } = lineOf(policy, id);
  return max === "approve" || max === "enforce";
}
