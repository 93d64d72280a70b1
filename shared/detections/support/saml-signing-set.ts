/** Is what was added exactly one SAML token signing certificate, which `addTokenSigningCertificate` adds as three entries? */
import type { CredentialDescription } from "../../domain/event.ts";

/** A Sign key, its Verify twin, and the password that protects the Sign key and has the same id; nothing beside them. */
export function isSamlSigningSet(added: readonly CredentialDescription[]): boolean {
  const passwords = added.filter((key) => key.keyType === "Password");
  const signing = added.filter((key) => key.keyType !== "Password" && key.keyUsage === "Sign");
  const verifying = added.filter((key) => key.keyType !== "Password" && key.keyUsage === "Verify");
  const [password, sign] = [passwords[0], signing[0]];
  return added.length === 3 && verifying.length === 1 && sign !== undefined && password?.keyId === sign.keyId;
}
