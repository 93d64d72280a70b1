/** Tier 0 is what can take the tenant: worked out from the permissions it holds, or said by the policy and its tier file. */
import type { IdentityFacts } from "../domain/snapshot.ts";
import { tierZeroAppRoles } from "../domain/tier-zero-app-roles.ts";
import { type Guardrail, type GuardrailSubject, idsOf, pass } from "./guardrail.ts";

/** Null: not known, since its permissions could not be read whole. */
export function isTierZero({ facts, policy }: Pick<GuardrailSubject, "facts" | "policy">): boolean | null {
  return idsOf(facts.identity).some((id) => policy.protected.tier0.includes(id)) || holdsTierZero(facts);
}

/** By what it holds alone, whatever the policy says of it. Null: not known. */
export function holdsTierZero(facts: Pick<IdentityFacts, "servicePrincipal" | "heldAppRoles">): boolean | null {
  if (facts.servicePrincipal === null) return false; // it is not in this tenant, so it holds nothing here
  // by app role id alone: it is Microsoft Graph's in every tenant, and no other resource's
  return facts.heldAppRoles?.some(({ appRoleId }) => tierZeroAppRoles.has(appRoleId)) ?? null;
}

/**
 * To stop a tier-0 identity for a while is what the reserved places are for: losing the tenant is worse than losing one
 * application. What is taken from it is asked, and so is what cannot be told.
 */
export const tierZero: Guardrail = {
  id: "tier-zero",
  title: "Keeps what can take the tenant, or may be able to, from losing what it has without people.",
  check(subject) {
    const known = isTierZero(subject);
    if (known === false) return pass;
    if (known === null) {
      return { verdict: "ask", reason: "the permissions it holds could not be read: it may be a tier-0 identity" };
    }
    if (subject.stage === "contain") return pass;
    if (subject.stage === "retire")
      return { verdict: "ask", reason: "a tier-0 identity: people say whether it is unused" };
    const reason = subject.irreversible
      ? "a tier-0 identity, and not all that is done to it can be taken back"
      : "a tier-0 identity: what it does stands still until what is removed is put back";
    return { verdict: "ask", reason };
  },
};
