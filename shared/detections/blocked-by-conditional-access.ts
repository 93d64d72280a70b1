/** A Conditional Access policy stopped a sign-in of the identity, as it never did before. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { blockedErrorCode, blocksSeen } from "../domain/sign-in-values.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { policyMatch } from "./support/policy-match.ts";
import { exampleBaseline, signInExample, usualValues } from "./support/sign-in-examples.ts";

const usualPolicy = "5c8f2ad0-8c7e-4e2b-9d5b-6a2f4f6f8a11";
const newPolicy = "0f9b1c52-3a1d-4d0c-8f86-1f3f2f1a7c22";
const blockedBy = (...ids: string[]) =>
  signInExample({ errorCode: blockedErrorCode, conditionalAccess: { blockedBy: ids, wouldBlock: [] } });

export const blockedByConditionalAccess = defineDetection({
  id: "blocked-by-conditional-access",
  title: "Conditional Access blocked a sign-in of the identity for the first time",
  severity: "medium",
  attack: ["T1078.004"],
  patterns: ["E5"],
  guide: {
    why: "The credential was right and the place or the risk was wrong: somebody else holds the credential. This door was shut; others may not be.",
    check: "From which address it came, which policy stopped it, and where else the same credential was used.",
    falsePositives: "A new policy, or a workload that moved out of the allowed locations.",
    tune: "What the same policy blocked before is not told again; tuning.forgetDays says for how long. Of an identity that was watched for less than tuning.learningDays it is only told.",
  },
  on: ["signed-in"],
  ceiling: "approve",
  evaluate,
  examples: {
    facts: { baseline: exampleBaseline({ "conditional-access": usualValues(`blocked:${usualPolicy}`, "blocked:?") }) },
    match: [blockedBy(newPolicy), blockedBy(usualPolicy, newPolicy)],
    ignore: [
      signInExample({}),
      blockedBy(usualPolicy),
      // which policy it was is not said, and one that is not said stopped it before
      blockedBy(),
      signInExample({ conditionalAccess: { blockedBy: [], wouldBlock: [newPolicy] } }),
    ],
  },
});

function evaluate(event: EventOf<"signed-in">, facts: DetectionFacts): Match | null {
  return policyMatch(event, facts, blocksSeen(event), {
    title: "Conditional Access blocked a sign-in of the identity for the first time",
    remark: "its credential was accepted, and stopped for the first time by Conditional Access:",
  });
}
