/** `KeyDescription`: the credentials of an object before and after a change, as audit records write them. */
import type { CredentialDescription } from "../domain/event.ts";
import { asText } from "./fields.ts";

export type KeyDescription =
  /** null: the record does not say; an empty list: there was none */
  { readonly ok: true; readonly keys: readonly CredentialDescription[] | null } | { readonly ok: false };

/**
 * Reads `oldValue` or `newValue`: JSON text of a list of `[KeyIdentifier=…,KeyType=…,KeyUsage=…,DisplayName=…]`.
 * `null` and `""` mean unknown, `"[]"` means none; a lone entry is a list of one. Not ok where an entry cannot be read: a part of the truth is no truth.
 */
export function parseKeyDescription(value: unknown): KeyDescription {
  const list = unquote(value);
  if (list === null || list === undefined || list === "") return { ok: true, keys: null };
  const keys = new Map<string, CredentialDescription>();
  for (const entry of Array.isArray(list) ? list.flatMap(listsWithin) : [list]) {
    const key = typeof entry === "string" ? parseEntry(entry) : null;
    if (key === null) return { ok: false };
    keys.set(keyName(key), key);
  }
  return { ok: true, keys: [...keys.values()] };
}

/** Some exporters make a list of each value: its one member is then the text of the list that is meant. */
function listsWithin(entry: unknown): readonly unknown[] {
  const inner = typeof entry === "string" && /^\s*\[\s*["\]]/.test(entry) ? unquote(entry) : entry;
  return Array.isArray(inner) ? inner : [entry];
}

export interface KeyDifference {
  readonly added: CredentialDescription[];
  readonly removed: CredentialDescription[];
}

/** What came and what went, as sets of (keyId, keyType, keyUsage): the order of the lists is not stable. Sorted. */
export function keyDifference(
  before: readonly CredentialDescription[],
  after: readonly CredentialDescription[],
): KeyDifference {
  return { added: without(after, before), removed: without(before, after) };
}

function without(keys: readonly CredentialDescription[], others: readonly CredentialDescription[]) {
  const known = new Set(others.map(keyName));
  const rest = new Map(keys.filter((key) => !known.has(keyName(key))).map((key) => [keyName(key), key]));
  return [...rest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}

function keyName(key: CredentialDescription): string {
  return `${key.keyId},${key.keyType},${key.keyUsage}`;
}

/** The value may be quoted once more than it should be. */
function unquote(value: unknown): unknown {
  let inner = value;
  try {
    for (let i = 0; i < 2 && typeof inner === "string" && inner.trim() !== ""; i++) inner = JSON.parse(inner);
  } catch {
    return value;
  }
  return typeof inner === "string" ? inner.trim() : inner;
}

// From the left: DisplayName is chosen by whoever added the key and may hold commas, `=` and `KeyIdentifier=`.
const entryPattern =
  /^\s*\[?\s*KeyIdentifier=([^,\]]+),\s*KeyType=([^,\]]*),\s*KeyUsage=([^,\]]*)(?:,\s*DisplayName=(.*))?$/is;

function parseEntry(entry: string): CredentialDescription | null {
  const parts = entryPattern.exec(entry.trim().replace(/\]$/, ""));
  const keyId = asText(parts?.[1])?.toLowerCase();
  if (parts === null || keyId === undefined) return null;
  return {
    keyId,
    keyType: oneOf(["Password", "AsymmetricX509Cert"] as const, parts[2]),
    keyUsage: oneOf(["Verify", "Sign"] as const, parts[3]),
    claimedName: asText(parts[4]) ?? "",
  };
}

function oneOf<const T extends string>(known: readonly T[], text: string | undefined): T | "other" {
  const wanted = text?.trim().toLowerCase();
  return known.find((name) => name.toLowerCase() === wanted) ?? "other";
}
