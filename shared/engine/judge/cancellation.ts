/**
 * Has a person called the plan off? As far as it holds: signed by us, over this very plan. A row that does not hold counts as called off,
 * too: whoever alters it must not set going again what a person stopped.
 */
import { Cancellation } from "../../domain/approval.ts";
import type { Signer } from "../../ports/signer.ts";
import type { Partition } from "../rows/partition.ts";
import type { StoredPlan } from "../rows/plans.ts";
import { rowKey } from "../rows/rows.ts";
import { signedRow } from "../rows/signed-rows.ts";

/** Null: nobody has. `"altered"`: the row is not what we signed, or not for this plan. */
export async function cancellationOf(
  signer: Signer,
  partition: Partition,
  { plan, hash }: StoredPlan,
): Promise<Cancellation | "altered" | null> {
  const row = signedRow(partition, rowKey.cancellation(plan.id));
  if (row === null) return null;
  if (!(await signer.verify(row.payload, row.signature))) return "altered";
  const said = Cancellation.safeParse(JSON.parse(row.payload)).data;
  return said?.planId === plan.id && said.planHash === hash ? said : "altered";
}

/** In a sentence; null as above. */
export function sayCancelled(off: Cancellation | "altered"): string {
  if (off !== "altered") return `${off.by} called it off at ${off.at}: ${off.reason}`;
  return "the row that calls it off was altered after it was signed, which counts as called off; somebody has write access to our tables";
}
