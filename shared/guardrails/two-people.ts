/** Who may not be decided by one person alone. Not a guardrail: it asks nobody by itself, it says how many must answer. */
import type { TwoPeopleCase } from "../domain/approvals-policy.ts";
import { type GuardrailSubject, idsOf } from "./guardrail.ts";
import { isTierZero } from "./tier-zero.ts";

type Applies = (subject: GuardrailSubject) => boolean;

const cases: Readonly<Record<Exclude<TwoPeopleCase, "bulk-over-10">, Applies>> = {
  "tier0-identity": (subject) => isTierZero(subject) !== false,
  "home-multi-tenant": ({ facts }) => facts.kind === "home-multi-tenant",
  "first-party-certificate": ({ facts, steps }) =>
    facts.kind === "microsoft-first-party" && steps.some(({ action }) => action === "remove-key-credentials"),
  "own-pipeline": ({ facts, policy }) => idsOf(facts.identity).some((id) => policy.protected.twoPeople.includes(id)),
};

/** The policy's lines that apply; none: one person is enough. */
export function twoPeopleCases(subject: GuardrailSubject): readonly TwoPeopleCase[] {
  return subject.policy.approvals.twoPeople.filter((name) => name !== "bulk-over-10" && cases[name](subject));
}
