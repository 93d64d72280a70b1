/** Removing somebody's only working credential, or the half of a rotation, is an outage: a person decides. */
import { isInSigningSet, samlSigningIds } from "../domain/saml-signing.ts";
import type { PasswordCredential } from "../domain/snapshot.ts";
import { type Guardrail, type GuardrailSubject, pass, removesKeys } from "./guardrail.ts";

/** A SAML signing set signs tokens for users; no client lives on it. */
function working(subject: GuardrailSubject): readonly { readonly keyId: string }[] {
  const { servicePrincipal, application } = subject.facts;
  const passwords: PasswordCredential[] = [
    ...(servicePrincipal?.passwordCredentials ?? []),
    ...(application?.passwordCredentials ?? []),
  ];
  const keys = subject.keys ?? [];
  const signing = samlSigningIds(keys);
  return [...passwords, ...keys]
    .filter(({ endDateTime }) => endDateTime === null || Date.parse(endDateTime) > subject.now)
    .filter((credential) => !isInSigningSet(credential, signing));
}

/** One in and one out in the same change, or a new one beside exactly one old one: what a rotation looks like. */
function isRotationShape({ findings }: GuardrailSubject): boolean {
  return findings.some(({ finding: { details } }) => {
    if (details.about !== "credential-added" || details.added.length !== 1) return false;
    return details.removed.length > 0 || details.before === null || details.before === 1;
  });
}

export const onlyCredential: Guardrail = {
  id: "only-credential",
  title: "Keeps the last working credential and a rotation's new one from being removed without a person.",
  check(subject) {
    const going = removesKeys(subject);
    if (going === "all" || going.length === 0 || subject.facts.kind === "microsoft-first-party") return pass;
    if (subject.keys === undefined)
      return { verdict: "defer", reason: "the certificates could not be read", lastly: "ask" };
    const staying = working(subject).filter(({ keyId }) => !going.includes(keyId));
    if (staying.length === 0) return { verdict: "ask", reason: "no working credential would be left" };
    return isRotationShape(subject) ? { verdict: "ask", reason: "this is the shape of a rotation" } : pass;
  },
};
