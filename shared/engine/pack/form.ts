/** The forms of a pack: canonical JSON, which is hashed and signed, and the one form that its file has. */
import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { TerminalError } from "../../domain/errors.ts";

/** RFC 8785: one text for one value. Throws TerminalError `not-json` for what has none (a lone surrogate, NaN). */
export function canonicalOf(value: unknown): string {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw new TerminalError("a value without a canonical JSON form cannot be signed", { code: "not-json", cause });
  }
  throw new TerminalError("a value without a JSON form cannot be signed", { code: "not-json" });
}

/** SHA-256 over the canonical JSON, base64url. */
export function digestOf(value: unknown): string {
  return hash("sha256", canonicalOf(value), "base64url");
}

/** Keys sorted, two spaces, a line feed at the end: a file of any other bytes is not the one that was signed. */
export function fileOf(pack: unknown): string {
  return `${JSON.stringify(JSON.parse(canonicalOf(pack)), null, 2)}\n`;
}

/** Records may hold halves of characters, which no canonical form takes. */
export function wellFormed<T>(value: T): T {
  return repair(value) as T;
}

function repair(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(repair);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key.toWellFormed(), repair(held)]));
}
