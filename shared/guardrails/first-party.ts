/**
 * Disabling a Microsoft first-party service principal (Microsoft Graph, Exchange) stops the tenant. Only exact keyIds may go
 * from one, and a certificate there asks: Exchange hybrid adds one legitimately.
 */
import { disables, type Guardrail, pass, removesKeys } from "./guardrail.ts";

export const firstParty: Guardrail = {
  id: "first-party",
  title: "Keeps Microsoft's own service principals from being disabled or emptied.",
  check(subject) {
    if (subject.facts.kind !== "microsoft-first-party") return pass;
    const keys = removesKeys(subject);
    if (subject.stage === "contain" || disables(subject) || keys === "all" || keys.length === 0) {
      return { verdict: "refuse", reason: "a Microsoft first-party service principal is never disabled or emptied" };
    }
    return { verdict: "ask", reason: "a credential on a Microsoft first-party service principal: a person decides" };
  },
};
