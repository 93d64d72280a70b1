/**
 * A stage that waits for a person, while what it was to remove went by another hand: a broader plan of the incident, or somebody in
 * the portal. Nobody should be asked, or reminded, about what is gone.
 */
import type { DueMessage } from "../../domain/due.ts";
import { hasEnded } from "../../domain/plan.ts";
import { actionOf } from "../registry.ts";
import { plansOf, stageRow, stagesOf, stepRow, stepsOf } from "../rows/plans.ts";
import { isFor } from "../run/planned-step.ts";
import { type Facts, snapshotOf } from "../snapshot/read-facts.ts";
import { isAnswered, readsOf } from "../snapshot/read-on.ts";
import { settle, subjectOf } from "./settle-stage.ts";
import { currentStage, done, endedNow, lookAgain, type Next, type StageContext } from "./stage-context.ts";
import { isTakenByAnother } from "./taken-by-another.ts";

/**
 * Pure. Only what was seen when people were asked, or what we took ourselves, can be known to be gone: something that was never seen
 * may be a replica behind. What could not be read, or not understood, may still be there.
 */
export function isNothingLeft(context: StageContext, facts: Facts): boolean {
  const { partition, stored, stage } = context;
  const takesAway = stage === "eradicate" || stage === "retire";
  if (!takesAway || currentStage(context).status !== "waiting") return false;
  const steps = stepsOf(stored.plan, stage).filter(({ step }) => isFor(step, actionOf(step.action), facts.kind));
  const wasSeen = steps.some(({ index }) => stepRow(partition, stored.plan.id, index).requests.length > 0);
  const isKnown = wasSeen || steps.some(({ step }) => isTakenByAnother(partition, stored.plan, step));
  return isKnown && steps.every(({ step }) => isInPlace(step.action, step.parameters, facts));
}

function isInPlace(id: string, parameters: unknown, facts: Facts): boolean {
  const action = actionOf(id);
  const parsed = action.parameters.safeParse(parameters);
  const snapshot = snapshotOf(facts);
  try {
    return (
      parsed.success && isAnswered(readsOf(action, parsed.data), snapshot) && action.isInPlace(parsed.data, snapshot)
    );
  } catch {
    return false; // a body of another shape
  }
}

export async function endNothingLeft(context: StageContext, facts: Facts): Promise<Next> {
  const reason = "what was to be removed is gone since then, so nothing is left to decide";
  const moved = await settle(
    context,
    { status: "cancelled", reasons: [reason], ...endedNow(context) },
    { status: "cancelled", reason, facts: null },
    {
      event: "stage.cancelled",
      about: [],
      message: `Nothing is asked any more about ${subjectOf(context, facts)}: ${reason}`,
      data: { stage: context.stage, reasons: [reason] },
    },
  );
  return moved ? done : lookAgain(context);
}

/** Other plans of the incident that wait for people, perhaps about what this one has just removed. */
export function waitingBeside({ partition, stored: { plan } }: StageContext): readonly DueMessage[] {
  return plansOf(partition, plan.incidentId).flatMap((other) => {
    const stage = stagesOf(other).find((name) => !hasEnded(stageRow(partition, other.id, name).status));
    if (other.id === plan.id || stage === undefined) return [];
    if (stageRow(partition, other.id, stage).status !== "waiting") return [];
    return [{ kind: "stage", identity: partition.key, planId: other.id, stage, verifies: false } as const];
  });
}
