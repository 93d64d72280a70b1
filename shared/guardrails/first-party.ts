/**
 * Disabling a Microsoft first-party service principal (Microsoft Graph, Exchange) stops the tenant. Only exact keyIds may go
 * from one, and a certificate there asks: Exchange hybrid adds one legitimately. No password there is in legitimate use.
 */
import { disables, type Guardrail, type GuardrailSubject, pass, removesKeys } from "./guardrail.ts";

/** Every keyId that would go is a password that a record added, which Graph's own copy bears out. */
function corroborated({ findings }: GuardrailSubject, keyIds: readonly string[]): boolean {
  const added = findings.flatMap(({ finding: { details }, borneOut, withdrawn }) => {
    if (details.about !== "credential-added" || borneOut !== true || withdrawn) return [];
    return details.added.filter(({ keyType }) => keyType === "Password").map(({ keyId }) => keyId);
  });
  return keyIds.every((keyId) => added.includes(keyId));
}

/** Whether it may run without a person is the policy's line for that playbook; see `approval-needed`. */
function mayGoUnasked(subject: GuardrailSubject, keyIds: readonly string[]): boolean {
  const isNamed = subject.findings.some(({ unattended }) => unattended?.includes(subject.playbook) === true);
  const onlyPasswords = subject.steps.every(({ action }) => action === "remove-password-credentials");
  return isNamed && onlyPasswords && corroborated(subject, keyIds);
}

export const firstParty: Guardrail = {
  id: "first-party",
  title: "Keeps Microsoft's own service principals from being disabled or emptied.",
  check(subject) {
    if (subject.facts.kind !== "microsoft-first-party") return pass;
    const keys = removesKeys(subject);
    if (subject.stage === "contain" || disables(subject) || keys === "all" || keys.length === 0) {
      return { verdict: "refuse", reason: "a Microsoft first-party service principal is never disabled or emptied" };
    }
    if (mayGoUnasked(subject, keys)) return pass;
    return { verdict: "ask", reason: "a credential on a Microsoft first-party service principal: a person decides" };
  },
};
