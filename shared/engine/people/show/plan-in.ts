/** One plan of a partition as it can be shown: what we signed, or what somebody made of it, said to be that. */
import type { IdentityKey } from "../../../domain/identity.ts";
import type { Plan } from "../../../domain/plan.ts";
import { loadPartition, type Partition, read } from "../../rows/partition.ts";
import { planText, readPlan, type StoredPlan } from "../../rows/plans.ts";
import { rowKey, SignedRow } from "../../rows/rows.ts";
import type { TableServices } from "../find-plan.ts";

export interface ShownPlan {
  readonly partition: Partition;
  /** as its text says */
  readonly plan: Plan;
  /** null: it is not what we signed, nothing will be done on its word, and what is shown of it is somebody's claim */
  readonly stored: StoredPlan | null;
}

/** Null: no such plan, or nothing that could be shown of it. */
export async function shownPlan(
  { signer }: Pick<TableServices, "signer">,
  partition: Partition,
  planId: string,
): Promise<ShownPlan | null> {
  const stored = await readPlan(partition, planId, signer);
  if (stored === null) return null;
  if (stored !== "altered") return { partition, plan: stored.plan, stored };
  const row = read(partition, rowKey.plan(planId), SignedRow);
  const plan = row === null ? null : planText(row.payload);
  return plan === null ? null : { partition, plan: { ...plan, id: planId }, stored: null };
}

/** What we signed goes first: a copy of the row among another identity's must not stand in its way. */
export async function findShownPlan(services: TableServices, planId: string): Promise<ShownPlan | "unreadable" | null> {
  const { identities } = services.stores;
  const places: IdentityKey[] = [];
  for await (const { identity, row } of identities.list(rowKey.plan(planId))) {
    if (row.key === rowKey.plan(planId)) places.push(identity);
  }
  const found = await Promise.all(
    places.map(async (place) => shownPlan(services, await loadPartition(identities, place), planId)),
  );
  const shown = found.find((one) => one?.stored != null) ?? found.find((one) => one !== null);
  return shown ?? (places.length === 0 ? null : "unreadable");
}
