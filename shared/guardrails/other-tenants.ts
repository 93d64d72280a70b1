/** What touches the application object of a home application reaches every tenant that uses it: nobody does that alone. */
import { type Guardrail, pass } from "./guardrail.ts";

export const otherTenants: Guardrail = {
  id: "other-tenants",
  title: "Keeps what other tenants would feel from being done on one person's word.",
  check({ reachesOtherTenants }) {
    if (!reachesOtherTenants) return pass;
    return { verdict: "ask", people: 2, reason: "a step changes what other tenants see of this application" };
  },
};
