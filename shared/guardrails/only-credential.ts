/** Removing somebody's only working credential, or the half of a rotation, is an outage: a person decides. */
import { isRotationShape } from "../domain/rotation-shape.ts";
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

/** Key ids that were used in place of what is to go. */
function otherOf({ findings }: GuardrailSubject): readonly string[] {
  return findings.flatMap(({ finding: { details } }) => {
    const other = details.about === "unused-credential" ? details.credential.reason.data.otherKeyId : null;
    return typeof other === "string" ? [other] : [];
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
    const now = working(subject);
    const staying = now.filter(({ keyId }) => !going.includes(keyId));
    if (subject.stage === "retire") {
      // what has expired takes nothing along, whatever else is left
      const isLast = staying.length === 0 && now.length > 0;
      if (isLast) return { verdict: "refuse", reason: "no working credential would be left" };
      const other = otherOf(subject).find((keyId) => !staying.some((one) => one.keyId === keyId));
      const reason = `the credential ${other}, which was used in its place, is gone or has expired`;
      return other === undefined ? pass : { verdict: "refuse", reason };
    }
    const reasons = [
      ...(staying.length === 0 ? ["no working credential would be left"] : []),
      ...(subject.findings.some(({ finding }) => isRotationShape(finding, { unsaid: true }))
        ? ["this is the shape of a rotation"]
        : []),
    ];
    return reasons.length === 0 ? pass : { verdict: "ask", reason: reasons.join(", and ") };
  },
};
