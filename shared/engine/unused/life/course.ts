/** How far the plans of a retirement have come, as their rows say. Pure. */
import { hasEnded, type Plan, type StageStatus } from "../../../domain/plan.ts";
import { deleteUnusedIdentity } from "../../../playbooks/delete-unused-identity.ts";
import { disableUnusedIdentity } from "../../../playbooks/disable-unused-identity.ts";
import type { Partition } from "../../rows/partition.ts";
import { plansOf, stageRow, stepRow } from "../../rows/plans.ts";
import type { StepRow } from "../../rows/rows.ts";

export interface Phase {
  readonly plan: Plan;
  readonly status: StageStatus;
  readonly reasons: readonly string[];
  /** ISO 8601 UTC */
  readonly endedAt: string | null;
  /** ISO 8601 UTC of the change that it is all about, while nobody took it back; null: not done */
  readonly appliedAt: string | null;
  /** who took that back, and why; null: nobody */
  readonly takenBack: string | null;
}

export interface Course {
  /** the newest of each; null: there is none */
  readonly disable: Phase | null;
  readonly delete: Phase | null;
  readonly plans: readonly Plan[];
}

const playbookIds: ReadonlySet<string> = new Set([disableUnusedIdentity.id, deleteUnusedIdentity.id]);
const decisive: ReadonlySet<string> = new Set([
  "disable-service-principal",
  "delete-application",
  "delete-service-principal",
]);

/** Does the plan retire an identity, or a part of the way? */
export function retires({ playbook }: Pick<Plan, "playbook">): boolean {
  return playbookIds.has(playbook);
}

export function courseOf(partition: Partition, incidentId: string): Course {
  const plans = plansOf(partition, incidentId).filter((plan) => retires(plan) && plan.mode !== "observe");
  const newest = (playbook: string) => plans.findLast((plan) => plan.playbook === playbook);
  return {
    disable: phaseOf(partition, newest(disableUnusedIdentity.id)),
    delete: phaseOf(partition, newest(deleteUnusedIdentity.id)),
    plans,
  };
}

function phaseOf(partition: Partition, plan: Plan | undefined): Phase | null {
  if (plan === undefined) return null;
  const { status, reasons, endedAt } = stageRow(partition, plan.id, "retire");
  const steps = decisiveSteps(partition, plan);
  const applied = steps.flatMap(({ outcome }) => (outcome?.status === "applied" ? [outcome.at] : []));
  const reverted = steps.flatMap(({ outcome }) => (outcome?.status === "reverted" ? [outcome.reason] : []));
  return {
    plan,
    status,
    reasons,
    endedAt,
    appliedAt: applied.sort().at(-1) ?? null,
    takenBack: reverted.at(-1) ?? null,
  };
}

function decisiveSteps(partition: Partition, plan: Plan): readonly StepRow[] {
  return plan.steps.flatMap((step, index) => (decisive.has(step.action) ? [stepRow(partition, plan.id, index)] : []));
}

export function isOpen(phase: Phase | null): phase is Phase {
  return phase !== null && !hasEnded(phase.status);
}
