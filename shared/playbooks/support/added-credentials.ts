/** Exactly the keyIds that the event says were added, on exactly that object. Ambiguous means nothing is done. */
import { step } from "../../actions/action.ts";
import { removeKeyCredentials } from "../../actions/remove-key-credentials.ts";
import { removePasswordCredentials } from "../../actions/remove-password-credentials.ts";
import type { CredentialDescription } from "../../domain/event.ts";
import type { Finding } from "../../domain/finding.ts";
import { Guid } from "../../domain/identity.ts";
import type { PlannedStep } from "../../domain/plan.ts";

/** Null: these can be removed exactly. Else one sentence for a person. */
export function ambiguity({ details }: Finding): string | null {
  if (details.about !== "credential-added") return "the finding names no added credential";
  if (details.samlSigningSet)
    return "a SAML signing set was added: it goes whole or not at all, and a person decides that";
  if (!details.added.every((key) => Guid.safeParse(key.keyId).success)) return "a key identifier is not a GUID";
  if (details.added.some((key) => key.keyType === "other" || key.keyUsage === "Sign")) {
    return "a credential was added that is neither a client secret nor a client certificate";
  }
  return null;
}

function keyIds(added: readonly CredentialDescription[], type: CredentialDescription["keyType"]): string[] {
  return [...new Set(added.filter((key) => key.keyType === type).map((key) => key.keyId.toLowerCase()))].sort();
}

export function removalOfAdded(finding: Finding, reason: string): readonly PlannedStep[] {
  const { details } = finding;
  if (details.about !== "credential-added" || ambiguity(finding) !== null) return [];
  const { object, objectId, added } = details;
  const options = { stage: "eradicate" as const, reason };
  const passwords = keyIds(added, "Password");
  const keys = keyIds(added, "AsymmetricX509Cert");
  return [
    ...(passwords.length > 0
      ? [step(removePasswordCredentials, { object, objectId, keyIds: passwords }, options)]
      : []),
    ...(keys.length > 0 ? [step(removeKeyCredentials, { object, objectId, keyIds: keys }, options)] : []),
  ];
}
