/** What we do not know how to contain safely is a person's decision; what Graph contradicts is nobody's. */
import { type Guardrail, pass } from "./guardrail.ts";

export const unusualKind: Guardrail = {
  id: "unusual-kind",
  title: "Keeps managed, agent, legacy and unknown identities from being touched without a person.",
  check({ facts }) {
    if (facts.servicePrincipal === undefined) {
      return { verdict: "defer", reason: `Graph could not be read: ${facts.unread.join(", ")}`, lastly: "refuse" };
    }
    if (facts.servicePrincipal === null && !facts.application) {
      return { verdict: "defer", reason: "Graph does not know this identity (yet)", lastly: "refuse" };
    }
    const usual = ["home-single-tenant", "foreign", "microsoft-first-party"];
    if (usual.includes(facts.kind)) return pass;
    if (facts.kind === "home-multi-tenant") {
      return { verdict: "ask", reason: "other tenants may use this application: what touches it touches them" };
    }
    return { verdict: "ask", reason: `what is of the kind ${facts.kind} is contained only by a person's decision` };
  },
};
