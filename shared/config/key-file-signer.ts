/** Signs with a private key from a PEM file: ES256, an algorithm that Key Vault offers as well. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { TerminalError } from "../domain/errors.ts";
import type { Signer } from "../ports/signer.ts";

const scheme = "es256";
const form = /^es256\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{86})$/;

/**
 * `pem`: text of one or more PKCS#8 or SEC1 P-256 private keys. The first signs; all verify, so that keys can be rotated.
 * A signature is `es256.<key id>.<base64url of r and s>`. Throws TerminalError `bad-signing-key`.
 */
export function createKeyFileSigner(pem: string): Signer {
  const keys = privateKeysIn(pem).map((key) => ({ key, id: keyId(key) }));
  const [current] = keys;
  if (current === undefined) throw badKey("holds no PEM private key");
  const byId = new Map(keys.map(({ key, id }) => [id, createPublicKey(key)]));
  return {
    async sign(payload) {
      const signature = sign("sha256", Buffer.from(payload, "utf8"), { key: current.key, dsaEncoding: "ieee-p1363" });
      return `${scheme}.${current.id}.${signature.toString("base64url")}`;
    },
    async publicKeys() {
      return [...byId].map(([id, key]) => ({ id, jwk: { ...key.export({ format: "jwk" }) } }));
    },
    async verify(payload, signature) {
      const [, id = "", bytes = ""] = form.exec(signature) ?? [];
      const key = byId.get(id);
      if (key === undefined) return false;
      return verify(
        "sha256",
        Buffer.from(payload, "utf8"),
        { key, dsaEncoding: "ieee-p1363" },
        Buffer.from(bytes, "base64url"),
      );
    },
  };
}

function privateKeysIn(pem: string): readonly KeyObject[] {
  const blocks = pem.match(/-----BEGIN (EC )?PRIVATE KEY-----[\s\S]+?-----END (EC )?PRIVATE KEY-----/g) ?? [];
  return blocks.map((block) => {
    const key = parseKey(block);
    if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1")
      throw badKey("holds a key that is not on the curve P-256");
    return key;
  });
}

function parseKey(block: string): KeyObject {
  try {
    return createPrivateKey(block);
  } catch (cause) {
    throw badKey("cannot be read as a private key", cause);
  }
}

/** From the public key, so that the same key has the same id wherever it is kept. */
function keyId(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("base64url").slice(0, 16);
}

function badKey(what: string, cause?: unknown): TerminalError {
  const how = "make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
  return new TerminalError(`The signing key file ${what}; ${how}`, { code: "bad-signing-key", cause });
}
