/** Finding + playbook → plan, with only the steps still called for; pure but for the partition it reads. */
import type { Finding } from "../domain/finding.ts";
import { hashId } from "../domain/ids.ts";
import type { Incident } from "../domain/incident.ts";
import { hasEnded, type Plan, type PlannedStep } from "../domain/plan.ts";
import type { Policy } from "../domain/policy.ts";
import type { Playbook } from "../playbooks/playbook.ts";
import { isoAt } from "../ports/clock.ts";
import type { Partition } from "./partition.ts";
import { plansOf, stageRow, stepRow } from "./plans.ts";

function sameChange(a: PlannedStep, b: PlannedStep): boolean {
  return a.action === b.action && JSON.stringify(a.parameters) === JSON.stringify(b.parameters);
}

/**
 * A step is not called for while a plan of the incident still has to run it, or when one applied it after the time of the new
 * evidence and nothing undid it since.
 */
function isStillCalledFor(
  wanted: PlannedStep,
  evidenceAt: string,
  plans: readonly Plan[],
  partition: Partition,
): boolean {
  return !plans.some((plan) =>
    plan.steps.some((step, index) => {
      if (!sameChange(step, wanted)) return false;
      const { outcome } = stepRow(partition, plan.id, index);
      const { status } = stageRow(partition, plan.id, step.stage);
      if (!hasEnded(status)) return true;
      const isDone = outcome?.status === "applied" || outcome?.status === "already-in-place";
      return status === "done" && isDone && Date.parse(outcome.at) > Date.parse(evidenceAt);
    }),
  );
}

interface PlanRequest {
  readonly incident: Incident;
  readonly finding: Finding;
  readonly playbook: Playbook;
  readonly policy: Policy;
  readonly partition: Partition;
  readonly now: number;
}

/** Null: nothing (more) is called for. */
export function makePlan({ incident, finding, playbook, policy, partition, now }: PlanRequest): Plan | null {
  const plans = plansOf(partition, incident.id);
  // a record that claims to be of the future neither postpones anything nor outdates what was done
  const evidenceAt = isoAt(Math.min(now, Date.parse(finding.warrant.activityAt)));
  const steps = playbook
    .plan(finding, { kind: null })
    .filter((step) => isStillCalledFor(step, evidenceAt, plans, partition));
  if (steps.length === 0) return null;
  const settleMs = playbook.settle === null ? 0 : policy.settle[playbook.settle] * 60_000;
  const settledAt = settleMs === 0 ? now : Math.max(now, Date.parse(evidenceAt) + settleMs);
  return {
    id: hashId(incident.id, `${playbook.id}@${playbook.version}`, String(incident.nextOrdinal)),
    incidentId: incident.id,
    identity: finding.subject,
    playbook: playbook.id,
    version: playbook.version,
    ordinal: incident.nextOrdinal,
    findingIds: [finding.id],
    requestedBy: "tourniquet",
    createdAt: isoAt(now),
    notBefore: isoAt(settledAt),
    steps: [...steps],
  };
}
