/** The one form that the file of a pack has. */
import { canonicalText } from "../rows/chain.ts";

/** Keys sorted, two spaces, a line feed at the end: a file of any other bytes is not the one that was signed. */
export function fileOf(pack: unknown): string {
  return `${JSON.stringify(JSON.parse(canonicalText(pack)), null, 2)}\n`;
}

/** Rows may hold half a surrogate pair, which no canonical text takes. */
export function wellFormed<T>(value: T): T {
  return repair(value) as T;
}

function repair(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(repair);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key.toWellFormed(), repair(held)]));
}
