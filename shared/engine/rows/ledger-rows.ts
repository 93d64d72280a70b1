/** The rows of the ledger: entries that nobody who decides reads, the head of each chain, and what of it was sealed. */
import { z } from "zod";
import { LedgerEntry } from "../../domain/ledger.ts";
import { ledgerPrefix, type Row } from "../../ports/stores.ts";

export const headPrefix = "head|";

export const ledgerKey = {
  entry: (chain: string, seq: number) => ledgerPrefix(chain) + String(seq).padStart(8, "0"),
  head: (chain: string) => headPrefix + chain,
  sealed: (chain: string) => `sealed|${chain}`,
} as const;

/** The digits of the key; what is beyond is somebody's edit. */
export const lastSeq = 99_999_999;

/** One entry, or several where the transaction had no room for a row each; the key names the first. */
const EntryRow = z.union([LedgerEntry.transform((entry) => [entry]), z.array(LedgerEntry)]);

/** Null: the row holds none, which only somebody else can have written. */
export function entriesIn({ value }: Row): readonly LedgerEntry[] | null {
  return EntryRow.safeParse(value).data ?? null;
}

/** What the key says; 0: it is not one of ours. */
export function seqIn({ key }: Pick<Row, "key">): number {
  return Number(/\|(\d{8})$/.exec(key)?.[1] ?? 0);
}
