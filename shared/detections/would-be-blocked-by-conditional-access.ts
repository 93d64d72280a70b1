/** A report-only Conditional Access policy would have stopped a sign-in of the identity, as it never did before. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { wouldBlocksSeen } from "../domain/sign-in-values.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { policyMatch } from "./support/policy-match.ts";
import { exampleBaseline, signInExample, usualValues } from "./support/sign-in-examples.ts";

const usualPolicy = "5c8f2ad0-8c7e-4e2b-9d5b-6a2f4f6f8a11";
const newPolicy = "0f9b1c52-3a1d-4d0c-8f86-1f3f2f1a7c22";
const wouldBlock = (...ids: string[]) => signInExample({ conditionalAccess: { blockedBy: [], wouldBlock: ids } });

export const wouldBeBlockedByConditionalAccess = defineDetection({
  id: "would-be-blocked-by-conditional-access",
  title: "A report-only policy would have blocked a sign-in of the identity for the first time",
  severity: "low",
  attack: ["T1078.004"],
  patterns: ["E5"],
  guide: {
    why: "The credential was used where a policy says it should not be, and nothing stopped it, because the policy only reports.",
    check: "From which address it came, which policy would have stopped it, and what the identity did with its token.",
    falsePositives: "A policy that is still being tried out: its first days are for finding just these.",
    tune: "What the same policy would have blocked before is not told again; tuning.forgetDays says for how long.",
  },
  on: ["signed-in"],
  ceiling: "approve",
  evaluate,
  examples: {
    facts: { baseline: exampleBaseline({ "conditional-access": usualValues(`would:${usualPolicy}`) }) },
    match: [wouldBlock(newPolicy), wouldBlock(usualPolicy, newPolicy)],
    ignore: [
      signInExample({}),
      wouldBlock(usualPolicy),
      signInExample({ errorCode: 53003, conditionalAccess: { blockedBy: [newPolicy], wouldBlock: [] } }),
    ],
  },
});

function evaluate(event: EventOf<"signed-in">, facts: DetectionFacts): Match | null {
  return policyMatch(event, facts, wouldBlocksSeen(event), {
    title: "A report-only policy would have blocked a sign-in of the identity for the first time",
    remark: "it would have been stopped for the first time by Conditional Access:",
  });
}
