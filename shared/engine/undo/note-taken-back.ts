/** What a person's undo took back of our disables, for the breaker: of containments alone, since who misses what nobody used is no alarm. */
import { isRetirePlan } from "../../domain/plan.ts";
import { disables } from "../../guardrails/guardrail.ts";
import { noteRevert } from "../judge/breaker.ts";
import type { StageContext } from "../judge/stage-context.ts";
import type { Draft } from "../rows/partition.ts";
import { plansOf, stepRow, stepsOf } from "../rows/plans.ts";

/** Before the last commit of the undo, of which `draft` holds the outcomes: a repeat counts once. */
export async function noteTakenBack({ writer, stored, stage, partition }: StageContext, draft: Draft): Promise<void> {
  const after = draft.preview();
  const retiring = new Set(
    plansOf(partition, stored.plan.incidentId).flatMap((plan) => (isRetirePlan(plan) ? plan.id : [])),
  );
  const taken = stepsOf(stored.plan, stage).flatMap(({ index, step }) => {
    const isDisable = disables({ steps: [{ ...step, undoes: null }] });
    const isDone = stepRow(after, stored.plan.id, index).outcome?.status === "applied";
    return step.undoes !== null && isDisable && isDone ? [step.undoes.planId] : [];
  });
  const contained = taken.filter((planId) => !retiring.has(planId));
  for (const planId of new Set(contained)) await noteRevert(writer.services, { planId, by: stored.plan.requestedBy });
}
