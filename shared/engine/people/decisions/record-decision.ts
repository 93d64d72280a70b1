/** A decision in the ledger; and a page where somebody approved alone what they had asked for. */
import type { Approval } from "../../../domain/approval.ts";
import type { Plan } from "../../../domain/plan.ts";
import { tell } from "../../rows/notices.ts";
import type { Draft } from "../../rows/partition.ts";

export function recordDecision(draft: Draft, plan: Plan, approval: Approval, now: number): void {
  const { planId, stage, planHash, decision, by, reason, at, expiresAt, group, alone, touches } = approval;
  const verb = decision === "approve" ? "approved" : "denied";
  const how = alone ? " ALONE, having asked for it" : "";
  const message = `${by} ${verb} the ${stage} stage of plan ${planId} (${plan.playbook})${how}: ${reason}`;
  const data = { planId, stage, planHash, decision, reason, expiresAt, group, alone, touches };
  draft.record({ chain: plan.incidentId, at, event: "decision.given", by, message, data });
  if (!alone) return;
  tell(
    draft,
    {
      event: "stage.approved-alone",
      about: [planId, stage, at],
      by,
      severity: "high",
      urgency: "page",
      message,
      identity: plan.identity,
      incidentId: plan.incidentId,
      planId,
      data: { stage, by, reason, alone },
    },
    now,
  );
}
