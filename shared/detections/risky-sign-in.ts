/** Entra says of the sign-in, or of the identity in it, that it is at risk. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { folded, riskSeverity } from "./support/risk.ts";
import { signInExample } from "./support/sign-in-examples.ts";
import { dayOf, signedInDetails } from "./support/signed-in-details.ts";

const example = (level: string | null, state: string | null) => signInExample({ risk: { level, state } });
/** Said to be over, or never to have been. */
const closed = new Set(["dismissed", "remediated", "confirmedsafe"]);

export const riskySignIn = defineDetection({
  id: "risky-sign-in",
  title: "Entra says that the sign-in is at risk",
  severity: "medium",
  attack: ["T1078.004"],
  patterns: ["E6"],
  guide: {
    why: "Identity Protection saw in this sign-in what it sees in stolen credentials.",
    check: "The risk detections of the identity in Identity Protection, the address, and what the token was for.",
    falsePositives:
      "Every harmless record carries the level `low` with the state `none`, so that is never told; a level above it may still be a guess.",
    tune: "The line of this detection in the policy. The risk logs say the same later, with more reason to act on.",
  },
  on: ["signed-in"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      example("low", "atRisk"),
      example("none", "confirmedCompromised"),
      example("hidden", "AtRisk"),
      example("medium", "none"),
      example("High", null),
    ],
    ignore: [
      example("low", "none"),
      example("none", "none"),
      example("low", null),
      example(null, null),
      // no licence to see it: unknown, and nothing else speaks for it
      example("hidden", "none"),
      example("high", "dismissed"),
      example("high", "Remediated"),
      example("medium", "confirmedSafe"),
    ],
  },
});

function evaluate(event: EventOf<"signed-in">): Match | null {
  const level = folded(event.risk.level ?? "unknown");
  const state = folded(event.risk.state ?? "unknown");
  if (closed.has(state)) return null;
  const isSaid = state === "atrisk" || state === "confirmedcompromised";
  if (!isSaid && level !== "medium" && level !== "high") return null;
  const match: Match = {
    title: "Entra says that the sign-in is at risk",
    severity: riskSeverity(state, level),
    // it is said of every sign-in while it lasts: one a day is enough
    dedupeBy: [level, state, dayOf(event)].join(),
    details: signedInDetails(event, `risk level ${level}, risk state ${state}`),
  };
  // a stranger without the credential can fail from a place that looks risky
  return event.errorCode === 0 ? match : { ...match, ceiling: "notify" };
}
