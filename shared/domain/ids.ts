/** Ids are hashes of what they stand for, so that a retry meets itself (DESIGN: deterministic ids). */
import { createHash } from "node:crypto";

/** 128 bits of SHA-256 over the length-prefixed parts, base64url: safe in table keys, URLs and partition keys. */
export function hashId(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:${part};`);
  return hash.digest("base64url").slice(0, 22);
}
