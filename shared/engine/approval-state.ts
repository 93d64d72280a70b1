/** What people have decided about a stage, as far as it holds: signed, over this very plan, by somebody else, not expired. */
import { Approval } from "../domain/approval.ts";
import type { StageName } from "../domain/plan.ts";
import type { Services } from "../ports/services.ts";
import { type Partition, read } from "./partition.ts";
import type { StoredPlan } from "./plans.ts";
import { rowKey, SignedRow } from "./rows.ts";

export type Decision =
  | { readonly state: "none" }
  | { readonly state: "approved"; readonly by: string; readonly at: string; readonly touches: ReadonlySet<string> }
  | { readonly state: "denied"; readonly by: string; readonly reason: string }
  /** somebody wrote a row that does not hold */
  | { readonly state: "invalid"; readonly reason: string };

export async function decisionOn(
  services: Services,
  partition: Partition,
  stored: StoredPlan,
  stage: StageName,
): Promise<Decision> {
  const row = read(partition, rowKey.approval(stored.plan.id, stage), SignedRow);
  if (row === null) return { state: "none" };
  if (!(await services.signer.verify(row.payload, row.signature))) {
    return { state: "invalid", reason: "the approval's signature does not hold" };
  }
  const approval = Approval.safeParse(JSON.parse(row.payload));
  if (!approval.success) return { state: "invalid", reason: "the approval cannot be read" };
  const { decision, by, at, reason, planHash, expiresAt } = approval.data;
  if (planHash !== stored.hash || approval.data.planId !== stored.plan.id || approval.data.stage !== stage) {
    return { state: "invalid", reason: "the approval is for another plan" };
  }
  if (by === stored.plan.requestedBy) return { state: "invalid", reason: `${by} asked for it and cannot approve it` };
  if (decision === "deny") return { state: "denied", by, reason };
  if (services.clock.now() >= Date.parse(expiresAt)) return { state: "invalid", reason: "the approval has expired" };
  return { state: "approved", by, at, touches: new Set(approval.data.touches) };
}
