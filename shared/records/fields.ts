/** Reading single fields of a raw record: any key case, numbers as strings, JSON in strings; never throws. */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";

/** A JSON object whose keys nobody vouches for. Read it with `field` or `view`, never with a dot. */
export type Fields = Readonly<Record<string, unknown>>;

const maxTextLength = 256;
const nobody = "00000000-0000-0000-0000-000000000000";

/** True for a JSON object; false for arrays, bytes and everything that is not an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** The own field of that name; where there is none, the first that differs in case only. */
export function field(source: Fields, key: string): unknown {
  if (Object.hasOwn(source, key)) return source[key];
  const wanted = key.toLowerCase();
  for (const name of Object.keys(source)) {
    if (name.length === key.length && name.toLowerCase() === wanted) return source[name];
  }
  return undefined;
}

/** The named fields under their names as given here (undefined where missing), in one pass however many keys there are. */
export function view(source: Fields, keys: readonly string[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const missing = new Map<string, string>();
  for (const key of keys) {
    found[key] = Object.hasOwn(source, key) ? source[key] : undefined;
    if (!Object.hasOwn(source, key)) missing.set(key.toLowerCase(), key);
  }
  if (missing.size === 0) return found;
  for (const name of Object.keys(source)) {
    const key = missing.get(name.toLowerCase());
    if (key !== undefined) {
      found[key] = source[name];
      missing.delete(name.toLowerCase());
    }
  }
  return found;
}

/** Trimmed text of at most 256 characters; numbers become text; null for "", for other types and where there is nothing. */
export function asText(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value !== "string") return null;
  return value.slice(0, maxTextLength).trim() || null;
}

/** A lower-case object id; null for what is not a GUID, and for the all-zero one, which Entra writes for "none yet". */
export function asGuid(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const parsed = Guid.safeParse(value.trim());
  return parsed.success && parsed.data !== nobody ? parsed.data : null;
}

/** Some exporters write objects and lists as JSON text: what it says, or the value itself. */
export function structured(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The record's `properties`; a flat record is its own properties. */
export function propertiesOf(record: Fields): Fields {
  const properties = structured(field(record, "properties"));
  return isFields(properties) ? properties : record;
}

/** The objects of a list (also one written as JSON text); anything else in it is left out. */
export function objectsIn(value: unknown): readonly Fields[] {
  const list = structured(value);
  return Array.isArray(list) ? list.filter(isFields) : [];
}

export const Text = z.unknown().transform(asText);
export const Id = z.unknown().transform(asGuid);
const enumMember = z.string().regex(/^[\w.-]{1,64}$/, "is missing or not an enum member");
/** An enum member, also one not known yet; nothing, and text that could not be one, is an error. */
export const Word = z
  .unknown()
  .transform((value) => asText(value) ?? "")
  .pipe(enumMember);
/** As Word; `unknown` where the record does not say. */
export const OptionalWord = z
  .unknown()
  .transform((value) => asText(value) ?? "unknown")
  .pipe(enumMember);
