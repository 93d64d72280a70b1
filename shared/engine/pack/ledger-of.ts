/** The chain of an incident with the head that was sealed of it, and what of them does not hold. */
import type { LedgerEntry, SealedHead } from "../../domain/ledger.ts";
import type { TableServices } from "../people/find-plan.ts";
import type { Partition } from "../rows/partition.ts";
import { readLedger } from "../rows/read-ledger.ts";
import type { PackProblem } from "./sound-rows.ts";

export interface LedgerOf {
  readonly entries: readonly LedgerEntry[];
  readonly heads: readonly SealedHead[];
  readonly problems: readonly PackProblem[];
}

export async function ledgerOf(
  services: TableServices,
  { key }: Pick<Partition, "key">,
  incidentId: string,
): Promise<LedgerOf> {
  const { entries, sealed, problems } = await readLedger(services, key, incidentId);
  return {
    entries,
    heads: sealed === null ? [] : [sealed],
    problems: problems.map(({ seq, message }) => ({
      where: seq === null ? "ledger" : `ledger, entry ${seq}`,
      what: message,
    })),
  };
}
