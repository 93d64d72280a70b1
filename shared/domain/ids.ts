/** Ids are hashes of what they stand for, so that a retry meets itself (DESIGN: deterministic ids). */
import { hash } from "node:crypto";

/** 128 bits of SHA-256 over the length-prefixed parts, base64url: safe in table keys, URLs and partition keys. */
export function hashId(...parts: readonly string[]): string {
  const text = parts.map((part) => `${part.length}:${part};`).join("");
  return hash("sha256", text, "base64url").slice(0, 22);
}
