/**
 * The form of our signatures, wherever the private key is kept: ES256 over the UTF-8 bytes of a text, written as
 * `es256.<id of the public key>.<base64url of r and s>`. Whoever has the public key can check one without us.
 */
import { createHash, type KeyObject, verify } from "node:crypto";

const scheme = "es256";
/** The last character carries two bits: any other than these four would be a second spelling of the same signature. */
const form = /^es256\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{85}[AQgw])$/;

/** From the public key, so that the same key has the same id wherever it is kept. `key`: the public half. */
export function publicKeyId(key: KeyObject): string {
  const spki = key.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("base64url").slice(0, 16);
}

/** `rs`: the 64 bytes of r and s (RFC 7518 §3.4), as Key Vault answers and Node calls `ieee-p1363`. */
export function writeSignature(keyId: string, rs: Uint8Array): string {
  return `${scheme}.${keyId}.${Buffer.from(rs).toString("base64url")}`;
}

/** The id of the key that a signature says it was made with; null: it is no signature of ours, whoever made it. */
export function keyIdIn(signature: string): string | null {
  return form.exec(signature)?.[1] ?? null;
}

/** Was the signature made with this key over exactly this text? Does not look at the id in it. */
export function isSignedWith(key: KeyObject, payload: string, signature: string): boolean {
  const rs = form.exec(signature)?.[2];
  if (rs === undefined) return false;
  const bytes = Buffer.from(payload, "utf8");
  return verify("sha256", bytes, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(rs, "base64url"));
}
