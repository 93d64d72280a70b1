/** Keys: those in the pack, which must be what they call themselves, and the one that whoever checks trusts. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { TerminalError } from "../../shared/domain/errors.ts";
import type { EvidenceKey } from "../../shared/domain/evidence-pack.ts";
import { isSignedWith, keyIdIn, publicKeyId } from "../../shared/domain/signature.ts";

export type Keys = ReadonlyMap<string, KeyObject>;

/** By their true ids: a key that only calls itself by a trusted id is not under it. */
export function keysOf(listed: readonly EvidenceKey[]): Keys {
  return new Map(
    listed.flatMap(({ jwk }) => {
      const key = keyFrom(() => createPublicKey({ key: { ...jwk }, format: "jwk" }));
      return key === null ? [] : [[publicKeyId(key), key] as const];
    }),
  );
}

export function holdsFor(keys: Keys, text: string, signature: string): boolean {
  const key = keys.get(keyIdIn(signature) ?? "");
  return key !== undefined && isSignedWith(key, text, signature);
}

/** `wanted`: an id as our signatures write it, or a file with a PEM or JWK. Answers the id. Throws TerminalError `bad-key`. */
export function trustedKeyId(wanted: string): string {
  if (/^[A-Za-z0-9_-]{16}$/.test(wanted)) return wanted;
  const text = contentOf(wanted);
  const key =
    keyFrom(() => createPublicKey(text)) ?? keyFrom(() => createPublicKey({ key: JSON.parse(text), format: "jwk" }));
  if (key !== null) return publicKeyId(key);
  throw new TerminalError(`--key ${wanted}: the file holds neither a PEM nor a JWK public key`, { code: "bad-key" });
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const message = `--key ${JSON.stringify(path)}: neither the id of a key (16 characters) nor a file that can be read`;
    throw new TerminalError(message, { code: "bad-key", cause });
  }
}

function keyFrom(make: () => KeyObject): KeyObject | null {
  try {
    return make();
  } catch {
    return null;
  }
}
