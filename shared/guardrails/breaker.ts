/** People took our disables back more than once: until the time is over, we ask instead of acting. */
import { type Guardrail, pass } from "./guardrail.ts";

export const breaker: Guardrail = {
  id: "breaker",
  title: "Keeps us from going on by ourselves after people took back what we did more than once.",
  check({ breaker: tripped, policy }) {
    if (tripped === null) return pass;
    return { verdict: policy.breaker?.to === "observe" ? "observe" : "ask", reason: tripped.reason };
  },
};
