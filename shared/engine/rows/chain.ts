/** The hash chain of the ledger: how entries are hashed, appended and checked. Pure; whoever verifies evidence offline uses it, too. */
import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { type Deed, type LedgerEntry, type LedgerHead, noEntry } from "../../domain/ledger.ts";

/** Where a chain ends: of an empty one `{ seq: 0, hash: noEntry }`. */
export type ChainEnd = Pick<LedgerHead, "seq" | "hash">;

export const emptyChain: ChainEnd = { seq: 0, hash: noEntry };

/** RFC 8785: the same value always has the same text, whatever the order of its keys. Strings must be well-formed. */
export function canonicalText(value: unknown): string {
  return canonicalize(value) ?? "null";
}

/** SHA-256 over the canonical text, base64url. */
export function hashOfValue(value: unknown): string {
  return hash("sha256", canonicalText(value), "base64url");
}

/** Over all of the entry but its own hash. */
export function hashOf(entry: Omit<LedgerEntry, "hash">): string {
  const { hash: _, ...rest } = entry as LedgerEntry;
  return hashOfValue(rest);
}

/** The entry that follows `end`. What has no JSON form is left out, as storage would. */
export function nextEntry(end: ChainEnd, deed: Deed, tenantId: string): LedgerEntry {
  const { chain, at, event, by, message, data } = deed;
  const facts = { tenantId, chain, seq: end.seq + 1, at, event, by, message, data, prev: end.hash };
  const entry = asStored(facts) as typeof facts;
  return { ...entry, hash: hashOf(entry) };
}

/**
 * As it comes back from JSON, and well-formed: half a surrogate pair, which a claimed name may hold, has no canonical text. Written out,
 * since a reviver takes longer than everything else about an entry together.
 */
export function asStored(value: unknown): unknown {
  if (typeof value === "string") return value.isWellFormed() ? value : value.toWellFormed();
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (typeof value !== "object" || value === null) return isLeftOut(value) ? null : value;
  if (Array.isArray(value)) return value.map(asStored);
  return "toJSON" in value && typeof value.toJSON === "function" ? asStored(value.toJSON()) : objectAsStored(value);
}

function objectAsStored(value: object): Readonly<Record<string, unknown>> {
  const stored: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    // a schema drops `__proto__` on the way back, and then the entry would pass for changed
    if (!isLeftOut(inner) && key !== "__proto__") stored[key.toWellFormed()] = asStored(inner);
  }
  return stored;
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || typeof value === "function" || typeof value === "symbol";
}

export interface ChainProblem {
  /** of the first entry that is wrong, or that should be there */
  readonly seq: number;
  readonly what: "changed" | "missing" | "out-of-order" | "foreign-chain" | "foreign-tenant" | "beyond-head";
  /** for a person */
  readonly message: string;
}

interface Expected {
  readonly tenantId?: string | undefined;
  readonly chain?: string | undefined;
}

/**
 * Null: whole and unchanged. Without a head nobody can tell whether the end was cut off; without `of` the head and the first entry
 * say whose chain it is.
 */
export function checkChain(
  entries: readonly LedgerEntry[],
  head: LedgerHead | null = null,
  of: Expected = {},
): ChainProblem | null {
  const [first] = entries;
  const expected = { tenantId: of.tenantId ?? first?.tenantId, chain: of.chain ?? head?.chain ?? first?.chain };
  for (const [at, entry] of entries.entries()) {
    const found = wrongWith(entry, expected) ?? misplaced(entries, at) ?? unlinked(entry, entries[at - 1]);
    if (found !== null) return found;
  }
  return head === null ? null : wrongEnd(entries, head);
}

function wrongWith(entry: LedgerEntry, { tenantId, chain }: Expected): ChainProblem | null {
  const { seq } = entry;
  if (!isHashed(entry)) return problem(seq, "changed", `entry ${seq} is not what its hash was made over`);
  if (entry.tenantId !== tenantId) return problem(seq, "foreign-tenant", `entry ${seq} is of another tenant`);
  return entry.chain === chain ? null : problem(seq, "foreign-chain", `entry ${seq} is of chain ${entry.chain}`);
}

/** What somebody wrote may have no canonical text at all. */
function isHashed(entry: LedgerEntry): boolean {
  try {
    return entry.hash === hashOf(entry);
  } catch {
    return false;
  }
}

function misplaced(entries: readonly LedgerEntry[], at: number): ChainProblem | null {
  const seq = entries[at]?.seq;
  const due = at + 1;
  if (seq === undefined || seq === due) return null;
  const isElsewhere = seq < due || entries.some((other) => other.seq === due);
  return isElsewhere
    ? problem(seq, "out-of-order", `entry ${seq} stands where entry ${due} belongs`)
    : problem(due, "missing", `entry ${due} is missing`);
}

/** Whoever hashes a changed entry anew is found out by the one that was appended to it. */
function unlinked(entry: LedgerEntry, before: LedgerEntry | undefined): ChainProblem | null {
  if (entry.prev === (before?.hash ?? noEntry)) return null;
  const seq = before?.seq ?? entry.seq;
  const what =
    before === undefined ? `entry ${seq} follows another` : `entry ${entry.seq} was not appended to entry ${seq}`;
  return problem(seq, "changed", `${what}: one of them was put in another's place`);
}

function wrongEnd(entries: readonly LedgerEntry[], head: LedgerHead): ChainProblem | null {
  const last = entries.at(-1);
  const next = entries.length + 1;
  if (entries.length < head.seq)
    return problem(next, "missing", `entry ${next} and all after it are missing, up to ${head.seq}`);
  if (entries.length > head.seq) {
    return problem(head.seq + 1, "beyond-head", `entry ${head.seq + 1} is beyond the head, which is at ${head.seq}`);
  }
  if ((last?.hash ?? noEntry) === head.hash) return null;
  return problem(head.seq, "changed", `entry ${head.seq} is not the one that the head names`);
}

function problem(seq: number, what: ChainProblem["what"], message: string): ChainProblem {
  return { seq, what, message };
}
