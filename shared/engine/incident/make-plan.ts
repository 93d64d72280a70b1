/** Finding + playbook → plan, with only the steps still called for; pure but for the partition it reads. */
import { type Finding, isDryRun } from "../../domain/finding.ts";
import { hashId } from "../../domain/ids.ts";
import type { Incident } from "../../domain/incident.ts";
import { hasEnded, isRetirePlan, type Plan, type PlannedStep } from "../../domain/plan.ts";
import type { Policy } from "../../domain/policy.ts";
import { isAboutDisuse } from "../../domain/scanned.ts";
import type { AppliedStep, Inventory, Playbook } from "../../playbooks/playbook.ts";
import { isoAt } from "../../ports/clock.ts";
import { actions } from "../registry.ts";
import type { Partition } from "../rows/partition.ts";
import { plansOf, stageRow, stepRow } from "../rows/plans.ts";
import { knownKind } from "./known-kind.ts";

/** Taking a step back is another change than doing it. */
function sameChange(a: PlannedStep, b: PlannedStep): boolean {
  return changeOf(a) === changeOf(b);
}

function changeOf({ action, parameters, undoes }: PlannedStep): string {
  return JSON.stringify([action, parameters, undoes === null ? null : [undoes.planId, undoes.index]]);
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
  /** with what the same commit will add */
  readonly partition: Partition;
  readonly now: number;
}

/** Null: nothing (more) is called for. A dry run shows everything, and what it shows keeps nothing from being done. */
export function makePlan({ incident, finding, playbook, policy, partition, now }: PlanRequest): Plan | null {
  // what waits for its notice to be over must keep no attack from being stopped, nor the other way round
  const plans = plansOf(partition, incident.id).filter(
    (plan) => plan.mode !== "observe" && isRetirePlan(plan) === isAboutDisuse(finding),
  );
  // a record that claims to be of the future neither postpones anything nor outdates what was done
  const evidenceAt = isoAt(Math.min(now, Date.parse(finding.warrant.activityAt)));
  const steps = playbook
    .plan(finding, inventoryOf(partition, plans, policy))
    .filter((step) => isDryRun(finding) || isStillCalledFor(step, evidenceAt, plans, partition));
  if (steps.length === 0) return null;
  const settledAt = settledAtOf(playbook, policy, Date.parse(evidenceAt), now);
  return {
    id: hashId(incident.id, `${playbook.id}@${playbook.version}`, String(incident.nextOrdinal)),
    incidentId: incident.id,
    identity: finding.subject,
    playbook: playbook.id,
    version: playbook.version,
    ordinal: incident.nextOrdinal,
    findingIds: [finding.id],
    ...askedBy(finding),
    createdAt: isoAt(now),
    notBefore: isoAt(settledAt),
    steps: [...steps],
  };
}

/** Epoch ms. Owners are told as the plan is made, so that their time begins then, however old the evidence is. */
function settledAtOf({ settle }: Playbook, policy: Policy, evidenceAt: number, now: number): number {
  if (settle === null) return now;
  if (settle === "noticeDays") return now + policy.retire.noticeDays * 24 * 3600_000;
  return Math.max(now, evidenceAt + policy.settle[settle] * 60_000);
}

/** Signed with the plan: the finding's row is not. */
function askedBy({ details }: Finding): Pick<Plan, "requestedBy" | "mode"> {
  return details.about === "manual" ? { requestedBy: details.by, mode: details.mode } : { requestedBy: "tourniquet" };
}

function inventoryOf(partition: Partition, plans: readonly Plan[], { deactivation }: Policy): Inventory {
  const known = knownKind(partition);
  return {
    kind: known?.kind ?? null,
    managedIdentity: known?.managedIdentity ?? null,
    publisherVerified: known?.publisherVerified ?? null,
    applied: plans.flatMap((plan) => appliedIn(plan, partition)).toReversed(),
    ownersFirst: deactivation.removeOwnersFirst,
  };
}

/** What an undo did is not itself taken back: that would be the attack again. */
function appliedIn(plan: Plan, partition: Partition): readonly AppliedStep[] {
  return plan.steps.flatMap(({ action, parameters, undoes }, index) => {
    const isApplied = stepRow(partition, plan.id, index).outcome?.status === "applied";
    const isRevertible = undoes === null && actions.get(action)?.revert !== undefined;
    return isApplied && isRevertible ? [{ planId: plan.id, index, action, parameters }] : [];
  });
}
