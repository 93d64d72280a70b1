/** Signs with a private key from a PEM file: ES256, an algorithm that Key Vault offers as well. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { TerminalError } from "../domain/errors.ts";
import { isSignedWith, keyIdIn, publicKeyId, writeSignature } from "../domain/signature.ts";
import type { Signer } from "../ports/signer.ts";

/**
 * `pem`: text of one or more PKCS#8 or SEC1 P-256 private keys. The first signs; all verify, so that keys can be rotated.
 * Throws TerminalError `bad-signing-key`.
 */
export function createKeyFileSigner(pem: string): Signer {
  const keys = privateKeysIn(pem).map((key) => {
    const publicKey = createPublicKey(key);
    return { key, publicKey, id: publicKeyId(publicKey) };
  });
  const [current] = keys;
  if (current === undefined) throw badKey("holds no PEM private key");
  const byId = new Map(keys.map(({ publicKey, id }) => [id, publicKey]));
  return {
    async sign(payload) {
      const rs = sign("sha256", Buffer.from(payload, "utf8"), { key: current.key, dsaEncoding: "ieee-p1363" });
      return writeSignature(current.id, rs);
    },
    async publicKeys() {
      return [...byId].map(([id, key]) => ({ id, jwk: { ...key.export({ format: "jwk" }) } }));
    },
    async verify(payload, signature) {
      const key = byId.get(keyIdIn(signature) ?? "");
      return key !== undefined && isSignedWith(key, payload, signature);
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

function badKey(what: string, cause?: unknown): TerminalError {
  const how = "make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
  return new TerminalError(`The signing key file ${what}; ${how}`, { code: "bad-signing-key", cause });
}
