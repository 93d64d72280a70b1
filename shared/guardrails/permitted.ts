/** Half a containment by surprise is worse than none: what our token does not permit is refused before anything is written. */
import { atLeast } from "../domain/mode.ts";
import { effectiveMode } from "./approval-needed.ts";
import { type Guardrail, pass } from "./guardrail.ts";

export const permitted: Guardrail = {
  id: "permitted",
  title: "Keeps a plan from beginning that would fail half-way for lack of a permission.",
  check(subject) {
    const missing = subject.missingPermissions.join(", ");
    if (missing === "") return pass;
    // Observing takes no permission to change anything, and a refusal would end what a month of reading is for.
    if (!atLeast(effectiveMode(subject), "approve")) {
      return { verdict: "observe", reason: `to go further our access token would have to carry ${missing}` };
    }
    return { verdict: "refuse", reason: `our access token lacks what the steps need: ${missing}` };
  },
};
