/** Any text ↔ a Table Storage key. Every UTF-16 unit is escaped by itself, so a prefix of the text is a prefix of the key. */
import { TerminalError } from "../domain/errors.ts";

/** 1 KiB a key, counted as UTF-16 (Table Storage data model). */
const maxKeyLength = 512;
const empty = "~";

/**
 * Keeps letters, digits and `- _ . : |`; everything else becomes `~` and four hex digits. So nothing that Table Storage
 * forbids in keys (`/ \ # ?`, control characters), nothing with a meaning in a URL, and no quote is ever in a key.
 */
export function encodeKey(text: string): string {
  const key = text === "" ? empty : escapeUnits(text);
  if (key.length > maxKeyLength) {
    throw new TerminalError(
      `A key of ${key.length} characters is too long for Table Storage; at most ${maxKeyLength}.`,
      {
        code: "key-too-long",
      },
    );
  }
  return key;
}

export function decodeKey(key: string): string {
  if (key === empty) return "";
  return key.replace(/~([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The half-open range of keys of all texts that begin with `prefix`; null for the empty prefix, which all do. */
export function prefixRange(prefix: string): { readonly from: string; readonly before: string } | null {
  if (prefix === "") return null;
  const from = encodeKey(prefix);
  const last = from.charCodeAt(from.length - 1);
  return { from, before: from.slice(0, -1) + String.fromCharCode(last + 1) };
}

function escapeUnits(text: string): string {
  // No `u` flag: a surrogate pair is two units, or half of it would not be a prefix of the whole.
  return text.replace(/[^A-Za-z0-9\-_.:|]/g, (unit) => `~${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
