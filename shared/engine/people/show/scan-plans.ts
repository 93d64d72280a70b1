/**
 * Every plan there is, from its rows alone: one scan of the plan rows, and one of the stage rows where somebody asks how they stand.
 * No partition is loaded, so that a listing costs what its page costs.
 */
import type { IdentityKey } from "../../../domain/identity.ts";
import type { Plan, StageStatus } from "../../../domain/plan.ts";
import { StageStatus as Status } from "../../../domain/plan.ts";
import type { Stores } from "../../../ports/stores.ts";
import { loadPartition, type Partition } from "../../rows/partition.ts";
import { planText } from "../../rows/plans.ts";
import { SignedRow } from "../../rows/rows.ts";
import type { Unreadable } from "./unreadable.ts";

export interface PlanRow {
  readonly identity: IdentityKey;
  readonly planId: string;
  /** as its text says; whether that is what we signed, who loads it sees */
  readonly text: Plan;
}

export interface RunFilter {
  /** any stage of it stands so */
  readonly status?: StageStatus | undefined;
  readonly identity?: IdentityKey | undefined;
  readonly incident?: string | undefined;
  readonly playbook?: string | undefined;
}

export interface PlanScan {
  readonly plans: readonly PlanRow[];
  /** rows that are no plan's any more */
  readonly unreadable: readonly Unreadable[];
}

const prefix = "plan|";

export async function scanPlans(
  { stores }: { readonly stores: Pick<Stores, "identities"> },
  filter: RunFilter,
): Promise<PlanScan> {
  const plans: PlanRow[] = [];
  const unreadable: Unreadable[] = [];
  for await (const { identity, row } of rowsWith(stores, prefix, filter.identity)) {
    const text = textOf(row.value);
    if (text === null) unreadable.push({ identity, row: row.key, problem: "it holds no plan: somebody edited it" });
    else plans.push({ identity, planId: row.key.slice(prefix.length), text });
  }
  const wanted = plans.filter(({ text }) => {
    if (filter.incident !== undefined && text.incidentId !== filter.incident) return false;
    return filter.playbook === undefined || text.playbook === filter.playbook;
  });
  if (filter.status === undefined) return { plans: wanted, unreadable };
  const standing = await plansStanding(stores, filter.status, filter.identity);
  return { plans: wanted.filter(({ identity, planId }) => standing.has(`${identity} ${planId}`)), unreadable };
}

function textOf(value: unknown): Plan | null {
  const row = SignedRow.safeParse(value);
  return row.success ? planText(row.data.payload) : null;
}

/** A stage without a row has not begun: the rows are made with the plan. */
async function plansStanding(
  stores: Pick<Stores, "identities">,
  status: StageStatus,
  of: IdentityKey | undefined,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { identity, row } of rowsWith(stores, "stage|", of)) {
    const [, planId] = row.key.split("|");
    if (statusIn(row.value) === status) found.add(`${identity} ${planId}`);
  }
  return found;
}

function statusIn(value: unknown): StageStatus | null {
  if (typeof value !== "object" || value === null || !("status" in value)) return null;
  return Status.safeParse(value.status).data ?? null;
}

/** Of one identity its partition is all there is to read. */
export async function* rowsWith(stores: Pick<Stores, "identities">, rowPrefix: string, of: IdentityKey | undefined) {
  if (of === undefined) yield* stores.identities.list(rowPrefix);
  else yield* rowsIn(await loadPartition(stores.identities, of), rowPrefix);
}

function rowsIn({ key: identity, rows }: Partition, rowPrefix: string) {
  return [...rows.values()].filter(({ key }) => key.startsWith(rowPrefix)).map((row) => ({ identity, row }));
}
