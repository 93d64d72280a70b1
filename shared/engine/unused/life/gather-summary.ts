/** What came of retiring since a day: out of the rows of the retirements, and of the stages that wait. */
import { isRetiring, Retirement, type RetirementState } from "../../../domain/retirement.ts";
import type { Services } from "../../../ports/services.ts";
import { rowKey, StageRow } from "../../rows/rows.ts";
import { readScanState } from "../scan/scan-state.ts";

export interface UnusedSummary {
  /** since then, each identity in every state that it came to */
  readonly since: Readonly<Record<RetirementState, number>>;
  /** of those that were disabled or deleted since and are so still: what they held → of how many */
  readonly privileges: Readonly<Record<string, number>>;
  /** as it is now */
  readonly waits: {
    readonly told: number;
    readonly disabled: number;
    readonly asking: number;
    readonly deleted: number;
    /** plans that wait for a person */
    readonly approvals: number;
  };
  /** of the newest scan: why nothing was begun on its word; null: it was, or there was none */
  readonly reportOnly: string | null;
}

/** Kinds of privileges named; there are some dozens unless somebody wrote others into the tables. */
const mostPrivileges = 100;

/** `from`: epoch ms. */
export async function gatherSummary(
  services: Pick<Services, "policy" | "stores">,
  from: number,
): Promise<UnusedSummary> {
  const rows = await retirements(services);
  const count = (fits: (row: Retirement) => boolean) => rows.filter(fits).length;
  const isSince = (at: string | null) => at !== null && Date.parse(at) >= from;
  const came = (state: RetirementState) => count((row) => row.state === state && isSince(row.since));
  const is = (state: RetirementState) => count((row) => row.state === state);
  const taken = rows.filter((row) => isRetiring(row) || row.state === "gone");
  const held = taken.filter((row) => isSince(row.disabledAt) || isSince(row.deletedAt));
  return {
    since: {
      told: count((row) => isSince(row.toldAt)),
      disabled: count((row) => isSince(row.disabledAt)),
      asking: count((row) => isSince(row.signOfLifeAt)),
      deleted: count((row) => isSince(row.deletedAt)),
      gone: came("gone"),
      back: came("back"),
      restored: count((row) => isSince(row.restoredAt)),
    },
    privileges: tally(held.flatMap(({ privileges }) => [...new Set(privileges)])),
    waits: {
      told: is("told"),
      disabled: is("disabled"),
      asking: is("asking"),
      deleted: is("deleted"),
      approvals: await approvals(services),
    },
    reportOnly: (await readScanState(services))?.state.last?.reportOnly ?? null,
  };
}

/** Rows that cannot be read are nobody's. */
async function retirements({ stores }: Pick<Services, "stores">): Promise<readonly Retirement[]> {
  const found: Retirement[] = [];
  for await (const { row } of stores.identities.list(rowKey.retirement)) {
    const one = row.key === rowKey.retirement ? Retirement.safeParse(row.value).data : undefined;
    if (one !== undefined) found.push(one);
  }
  return found;
}

async function approvals({ stores }: Pick<Services, "stores">): Promise<number> {
  let waiting = 0;
  for await (const { row } of stores.identities.list("stage|")) {
    if (row.key.endsWith("|retire") && StageRow.safeParse(row.value).data?.status === "waiting") waiting += 1;
  }
  return waiting;
}

/** The most frequent first. */
function tally(all: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  const most = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, mostPrivileges);
  return Object.fromEntries(most);
}
