/** An identity that is under attack is no matter of housekeeping: its incident comes first, and evidence stays where it is. */
import { type Guardrail, pass } from "./guardrail.ts";

const lookAgainMs = 3600_000;

export const otherBusiness: Guardrail = {
  id: "other-business",
  title: "Keeps an identity from being retired while its incident is about more than disuse.",
  check({ stage, begun, now, otherBusiness: what }) {
    if (stage !== "retire" || begun || what === null) return pass;
    return { verdict: "wait", reason: what, until: now + lookAgainMs };
  },
};
