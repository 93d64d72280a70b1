/** Reads one chain of the ledger, and says whether the tables were edited behind our back. */
import { type IdentityKey, tenantOf } from "../../domain/identity.ts";
import { type LedgerEntry, LedgerHead, SealedHead } from "../../domain/ledger.ts";
import type { Services } from "../../ports/services.ts";
import type { Row } from "../../ports/stores.ts";
import { type ChainProblem, checkChain } from "./chain.ts";
import { entriesIn, ledgerKey, seqIn } from "./ledger-rows.ts";
import { loadPartition, type Partition } from "./partition.ts";
import { sealedText } from "./seal-heads.ts";

export interface LedgerProblem {
  /** of the entry that is wrong; null: it is none of them */
  readonly seq: number | null;
  readonly what: ChainProblem["what"] | "unreadable" | "head-missing" | "cut-off" | "not-what-was-sealed" | "bad-seal";
  /** for a person */
  readonly message: string;
}

export interface Ledger {
  /** in their order; what cannot be read is a problem and no entry */
  readonly entries: readonly LedgerEntry[];
  /** null: nothing was ever appended, or its row is gone */
  readonly head: LedgerHead | null;
  readonly sealed: SealedHead | null;
  /** empty: whole and unchanged */
  readonly problems: readonly LedgerProblem[];
}

type Reading = Pick<Services, "signer" | "stores">;

/** A writer may append between the two reads. */
const looks = 3;

export async function readLedger(services: Reading, key: IdentityKey, chain: string): Promise<Ledger> {
  let ledger = await look(services, key, chain);
  for (let again = 1; again < looks && ledger.problems.length > 0; again++) ledger = await look(services, key, chain);
  return ledger;
}

async function look({ stores, signer }: Reading, key: IdentityKey, chain: string): Promise<Ledger> {
  const partition = await loadPartition(stores.identities, key);
  const rows = await stores.identities.entries(key, chain);
  const stored = rowOf(partition, ledgerKey.head(chain), LedgerHead);
  const head = stored?.chain === chain ? stored : null;
  const sealed = rowOf(partition, ledgerKey.sealed(chain), SealedHead);
  const entries = rows.flatMap((row) => entriesIn(row) ?? []);
  const broken = checkChain(entries, head, { tenantId: tenantOf(key), chain });
  const problems = [
    ...rows.flatMap(unreadable),
    ...(broken === null ? [] : [broken]),
    ...(head === null && (entries.length > 0 || sealed !== null) ? [headMissing] : []),
    ...(sealed === null ? [] : wrongWithSeal(sealed, chain, entries)),
    ...(sealed === null || (await isOurs(signer, tenantOf(key), sealed)) ? [] : [badSeal]),
  ];
  return { entries, head, sealed, problems };
}

function rowOf<T>(
  { rows }: Partition,
  key: string,
  Shape: { safeParse(value: unknown): { readonly data?: T | undefined } },
): T | null {
  return Shape.safeParse(rows.get(key)?.value).data ?? null;
}

const headMissing: LedgerProblem = {
  seq: null,
  what: "head-missing",
  message: "the head of the chain is gone or cannot be read, so nobody can tell from it where the chain ended",
};

const badSeal: LedgerProblem = {
  seq: null,
  what: "bad-seal",
  message: "the seal was not signed by us over what it says; look for `ledger.sealed` on the outcomes hub",
};

function unreadable(row: Row): readonly LedgerProblem[] {
  if (entriesIn(row) !== null) return [];
  const seq = seqIn(row);
  return [{ seq: seq === 0 ? null : seq, what: "unreadable", message: `the row ${row.key} holds no entry` }];
}

function wrongWithSeal(
  { chain: of, seq, hash }: SealedHead,
  chain: string,
  entries: readonly LedgerEntry[],
): readonly LedgerProblem[] {
  if (of !== chain) return [{ ...badSeal, message: `the seal is of chain ${of}` }];
  const last = entries.at(-1)?.seq ?? 0;
  if (seq > last) {
    const message = `the chain was sealed at entry ${seq} and ends at ${last}: its end was cut off`;
    return [{ seq: last + 1, what: "cut-off", message }];
  }
  const there = entries.find((entry) => entry.seq === seq);
  if (there === undefined || there.hash === hash) return [];
  return [{ seq, what: "not-what-was-sealed", message: `entry ${seq} is not the one that was sealed` }];
}

function isOurs(signer: Services["signer"], tenantId: string, sealed: SealedHead): Promise<boolean> {
  return signer.verify(sealedText(tenantId, sealed), sealed.signature);
}
