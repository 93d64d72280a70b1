/** Half a containment by surprise is worse than none: what our token does not permit is refused before anything is written. */
import { type Guardrail, pass } from "./guardrail.ts";

export const permitted: Guardrail = {
  id: "permitted",
  title: "Keeps a plan from beginning that would fail half-way for lack of a permission.",
  check({ missingPermissions }) {
    if (missingPermissions.length === 0) return pass;
    return {
      verdict: "refuse",
      reason: `our access token lacks what the steps need: ${missingPermissions.join(", ")}`,
    };
  },
};
