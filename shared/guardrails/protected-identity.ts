/** What the policy file protects, by object id or appId, never by name. The API can add to it, never take from it. */
import { type Guardrail, pass } from "./guardrail.ts";

export const protectedIdentity: Guardrail = {
  id: "protected-identity",
  title: "Keeps what the policy protects from being written to, or asks first.",
  check({ facts, policy }) {
    const { appId, servicePrincipalId, applicationObjectId } = facts.identity;
    const ids = [appId, servicePrincipalId, applicationObjectId].filter((id) => id !== null);
    if (ids.some((id) => policy.protected.never.includes(id))) {
      return { verdict: "refuse", reason: "the policy file protects this identity (protected.never)" };
    }
    const mayBeProtected = policy.protected.never.length + policy.protected.ask.length > 0;
    if (facts.application === undefined && applicationObjectId === null && mayBeProtected) {
      return {
        verdict: "defer",
        reason: "its application could not be read, and the policy may protect that",
        // `never` holds for what a person approved, too, so what may be on it is nobody's to approve
        lastly: policy.protected.never.length > 0 ? "refuse" : "ask",
      };
    }
    if (ids.some((id) => policy.protected.ask.includes(id))) {
      return { verdict: "ask", reason: "the policy file asks before touching this identity (protected.ask)" };
    }
    return pass;
  },
};
