/** The lines of the policy that protect an identity by its ids, to be shown beside what they kept from happening. */
import type { IdentityRef } from "../../../shared/domain/identity.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import { idsOf } from "../../../shared/guardrails/guardrail.ts";

const lists = ["never", "ask", "twoPeople", "tier0"] as const;

export function protectingLines(policy: Policy, identity: IdentityRef): readonly string[] {
  return lists.flatMap((name) =>
    idsOf(identity)
      .filter((id) => policy.protected[name].includes(id))
      .map((id) => `policy line protected.${name}: ${id}`),
  );
}
