/** Has a person called the plan off? As far as it holds: signed by us, over this very plan. */
import { Cancellation } from "../../domain/approval.ts";
import type { Signer } from "../../ports/signer.ts";
import { type Partition, read } from "../rows/partition.ts";
import type { StoredPlan } from "../rows/plans.ts";
import { rowKey, SignedRow } from "../rows/rows.ts";

/** Null: nobody has, or the row that says so is none of ours, and then it is nobody's word. */
export async function cancellationOf(
  signer: Signer,
  partition: Partition,
  { plan, hash }: StoredPlan,
): Promise<Cancellation | null> {
  const row = read(partition, rowKey.cancellation(plan.id), SignedRow);
  if (row === null || !(await signer.verify(row.payload, row.signature))) return null;
  const said = Cancellation.safeParse(JSON.parse(row.payload)).data;
  return said?.planId === plan.id && said.planHash === hash ? said : null;
}
