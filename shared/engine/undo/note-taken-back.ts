/** What a person's undo took back of our disables, for the breaker. */
import { disables } from "../../guardrails/guardrail.ts";
import { noteRevert } from "../judge/breaker.ts";
import type { StageContext } from "../judge/stage-context.ts";
import type { Draft } from "../rows/partition.ts";
import { stepRow, stepsOf } from "../rows/plans.ts";

/** Before the last commit of the undo, of which `draft` holds the outcomes: a repeat counts once. */
export async function noteTakenBack({ writer, stored, stage }: StageContext, draft: Draft): Promise<void> {
  const after = draft.preview();
  const taken = stepsOf(stored.plan, stage).flatMap(({ index, step }) => {
    const isDisable = disables({ steps: [{ ...step, undoes: null }] });
    const isDone = stepRow(after, stored.plan.id, index).outcome?.status === "applied";
    return step.undoes !== null && isDisable && isDone ? [step.undoes.planId] : [];
  });
  for (const planId of new Set(taken)) await noteRevert(writer.services, { planId, by: stored.plan.requestedBy });
}
