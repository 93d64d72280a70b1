/** Deeds become entries at the end of their chains, in the transaction of the change that they tell of. */
import { type IdentityKey, tenantOf } from "../../domain/identity.ts";
import { type Deed, isStanding, type LedgerEntry, LedgerHead } from "../../domain/ledger.ts";
import type { Change, IdentityStore, Row } from "../../ports/stores.ts";
import { boundedFacts } from "./bounded-facts.ts";
import { type ChainEnd, emptyChain, nextEntry } from "./chain.ts";
import { headOutlivesMs, ledgerMs, standingLedgerMs } from "./expiry.ts";
import { entriesIn, lastSeq, ledgerKey, seqIn } from "./ledger-rows.ts";

/** An entity group transaction holds 100 rows at most. */
const rowsInOneCommit = 100;

/** Where chains end, by their name. */
export type ChainEnds = ReadonlyMap<string, ChainEnd>;

export interface Chains {
  readonly key: IdentityKey;
  readonly rows: ReadonlyMap<string, Row>;
}

/** Null: there is a row, and it is no head of this chain. */
function endIn({ rows }: Chains, chain: string): ChainEnd | null {
  const row = rows.get(ledgerKey.head(chain));
  if (row === undefined) return emptyChain;
  const head = LedgerHead.safeParse(row.value);
  return head.success && head.data.chain === chain && head.data.seq < lastSeq ? head.data : null;
}

/**
 * The ends to append to. `taken`: ends that were tried in vain. Whoever edits a head must not keep us from acting: where it did not
 * move, the entries themselves say where the chain goes on, and whoever reads it is told.
 */
export async function endsOf(
  store: IdentityStore,
  chains: Chains,
  deeds: readonly Deed[],
  taken: ChainEnds = new Map(),
): Promise<ChainEnds> {
  const names = [...new Set(deeds.map(({ chain }) => chain))];
  const ends = names.map(async (chain): Promise<readonly [string, ChainEnd]> => {
    const end = endIn(chains, chain);
    const isFree = end !== null && taken.get(chain)?.hash !== end.hash;
    return [chain, isFree ? end : await lastEntry(store, chains.key, chain)];
  });
  return new Map(await Promise.all(ends));
}

async function lastEntry(store: IdentityStore, key: IdentityKey, chain: string): Promise<ChainEnd> {
  const rows = await store.entries(key, chain);
  const ends = rows.map((row): ChainEnd => {
    const last = entriesIn(row)?.at(-1);
    return last === undefined || last.seq >= lastSeq ? { ...emptyChain, seq: seqIn(row) } : last;
  });
  return ends.reduce((end, other) => (other.seq > end.seq ? other : end), emptyChain);
}

/** The entries and the new heads; `taken`: so many rows of the transaction are spoken for. */
export function appended(chains: Chains, deeds: readonly Deed[], ends: ChainEnds, taken: number): readonly Change[] {
  const byChain = Map.groupBy(deeds, ({ chain }) => chain);
  const room = Math.max(1, Math.floor((rowsInOneCommit - taken) / byChain.size) - 1);
  return [...byChain].flatMap(([chain, those]) => {
    const entries = entriesOf(tenantOf(chains.key), ends.get(chain) ?? emptyChain, those);
    const { seq, hash } = entries.at(-1) ?? emptyChain;
    const expiresAt = entriesExpireAt(chain, Math.max(...those.map(({ at }) => Date.parse(at))));
    return [
      ...inRows(entries, room, expiresAt),
      headChange(chains, { chain, seq, hash } satisfies LedgerHead, expiresAt + headOutlivesMs),
    ];
  });
}

export function entriesExpireAt(chain: string, at: number): number {
  return at + (isStanding(chain) ? standingLedgerMs : ledgerMs);
}

function entriesOf(tenantId: string, end: ChainEnd, deeds: readonly Deed[]): readonly LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const deed of deeds) {
    const bounded = { ...deed, data: boundedFacts(deed.data) };
    entries.push(nextEntry(entries.at(-1) ?? end, bounded, tenantId));
  }
  return entries;
}

/** One each while there is room. */
function inRows(entries: readonly LedgerEntry[], room: number, expiresAt: number): readonly Change[] {
  const each = Math.ceil(entries.length / room);
  const rows: Change[] = [];
  for (let from = 0; from < entries.length; from += each) {
    const [first, ...others] = entries.slice(from, from + each);
    if (first === undefined) continue;
    const value = others.length === 0 ? first : [first, ...others];
    rows.push({ op: "create", key: ledgerKey.entry(first.chain, first.seq), value, expiresAt });
  }
  return rows;
}

function headChange({ rows }: Chains, head: LedgerHead, expiresAt: number): Change {
  const key = ledgerKey.head(head.chain);
  const row = rows.get(key);
  if (row === undefined) return { op: "create", key, value: head, expiresAt };
  return { op: "replace", key, value: head, expiresAt, etag: row.etag };
}

/** Would these changes still meet the rows that they were made on? */
export function stillMeets({ rows }: Chains, changes: readonly Change[]): boolean {
  return changes.every((change) =>
    change.op === "create" ? !rows.has(change.key) : rows.get(change.key)?.etag === change.etag,
  );
}
