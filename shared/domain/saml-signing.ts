/**
 * A SAML signing set: a Sign key, the Verify key and the password that share its keyId or custom identifier
 * (addTokenSigningCertificate makes all three). None of them is a client's credential, and removing a part breaks sign-on.
 */
import type { KeyCredential, PasswordCredential } from "./snapshot.ts";

/** keyIds and custom identifiers of the Sign keys among these. */
export function samlSigningIds(keys: readonly KeyCredential[]): ReadonlySet<string> {
  const signing = keys.filter((key) => key.usage?.toLowerCase() === "sign");
  return new Set(
    signing.flatMap((key) => (key.customKeyIdentifier ? [key.keyId, key.customKeyIdentifier] : [key.keyId])),
  );
}

/** Does it belong to a set whose ids these are? */
export function isInSigningSet(credential: PasswordCredential | KeyCredential, signing: ReadonlySet<string>): boolean {
  return (
    signing.has(credential.keyId) ||
    (credential.customKeyIdentifier !== null && signing.has(credential.customKeyIdentifier))
  );
}
