/**
 * When nobody answered: losing the tenant is worse than losing one application. Not a guardrail: it says of which question silence is
 * an answer. Only of that about what depends on the identity; whatever else asks, people must answer.
 */
import { effectiveMode } from "./approval-needed.ts";
import type { GuardrailSubject } from "./guardrail.ts";
import { isTierZero } from "./tier-zero.ts";

export function isBySilence(subject: GuardrailSubject): boolean {
  return (
    subject.silent &&
    subject.stage === "contain" &&
    isTierZero(subject) === true &&
    effectiveMode(subject) === "enforce"
  );
}
