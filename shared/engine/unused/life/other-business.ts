/** What else an incident is about, besides that nobody used the identity: it comes first, and a retirement pauses for it. Pure. */
import { type Finding, isDryRun } from "../../../domain/finding.ts";
import { hasEnded, isRetirePlan, type Plan } from "../../../domain/plan.ts";
import { isAboutDisuse } from "../../../domain/scanned.ts";
import { findingsOf } from "../../incident/plan-findings.ts";
import { isUnverified } from "../../judge/stage-context.ts";
import type { Partition } from "../../rows/partition.ts";
import { plansOf, stageRow, stagesOf } from "../../rows/plans.ts";

/** Strangers cause what is only told, so that it holds nothing up. */
export function otherFindings(partition: Partition, incidentId: string): readonly Finding[] {
  return findingsOf(partition, incidentId).filter(
    (one) =>
      !isAboutDisuse(one) &&
      one.details.about !== "sign-of-life" &&
      one.details.about !== "risk-cleared" &&
      one.ceiling !== "notify" &&
      !isDryRun(one),
  );
}

/** One phrase; null: nothing else is open. `quietMs`: so long after its evidence something counts as open. */
export function pausedBy(partition: Partition, incidentId: string, quietMs: number, now: number): string | null {
  const recent = otherFindings(partition, incidentId).find(({ receivedAt }) => now - Date.parse(receivedAt) < quietMs);
  if (recent !== undefined) return `${recent.detection} of ${recent.receivedAt} comes first: ${recent.title}`;
  const plan = othersOf(partition, incidentId).find((one) => isAtWork(partition, one));
  return plan === undefined ? null : `plan ${plan.id} (${plan.playbook}) is still at work on it`;
}

function othersOf(partition: Partition, incidentId: string): readonly Plan[] {
  return plansOf(partition, incidentId).filter(
    (plan) => !isRetirePlan(plan) && plan.mode !== "observe" && !isUndo(plan),
  );
}

function isUndo({ steps }: Plan): boolean {
  return steps.some(({ undoes }) => undoes !== null);
}

function isAtWork(partition: Partition, plan: Plan): boolean {
  return stagesOf(plan).some((stage) => {
    const row = stageRow(partition, plan.id, stage);
    return !hasEnded(row.status) || isUnverified(row);
  });
}
