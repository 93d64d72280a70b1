/** What was approved is what goes: a credential that nobody was shown does not go on the word of an approval. */

import { foresee } from "../people/decisions/preview.ts";
import { isFinal, stepRow, stepsOf } from "../rows/plans.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { type Decision, type Given, touchesOf } from "./approval-state.ts";
import type { StageContext } from "./stage-context.ts";

/** One thing that goes for good, within a plan: the step and the id. */
export function touchOf(index: number, id: string): string {
  return `${index}:${id}`;
}

/**
 * Of the approved decision the approvals of people who were shown all that would go now. Where nobody was, the word holds for the steps
 * that are still as all of them were shown, and the others ask again when those have run; without any such step, an invalid decision
 * that says so. Contain is never refused for it.
 */
export async function withoutDrift(context: StageContext, facts: Facts, decision: Decision): Promise<Decision> {
  if (decision.state !== "approved" || context.stage === "contain") return decision;
  const steps = await goingNow(context, facts);
  const now = steps.flat();
  const unseenBy = ({ touches }: Given) => now.filter((touch) => !touches.has(touch));
  const [first, ...others] = decision.given.filter((given) => unseenBy(given).length === 0);
  if (first !== undefined) return { state: "approved", given: [first, ...others] };
  const shown = touchesOf(decision.given);
  // what touches nothing may be in place, or not known: it is no reason to begin
  if (steps.some((touches) => touches.length > 0 && touches.every((touch) => shown.has(touch)))) return decision;
  const ids = unseenBy(decision.given[0]).map((touch) => touch.slice(touch.indexOf(":") + 1));
  return { state: "invalid", reason: `it was given before ${ids.join(", ")} was there; look again and approve again` };
}

/** What each step that has not ended would take for good now. */
async function goingNow(
  { writer, partition, stored, stage }: StageContext,
  facts: Facts,
): Promise<readonly string[][]> {
  const self = await writer.services.tenant.whoAmI();
  return stepsOf(stored.plan, stage)
    .filter(({ index }) => !isFinal(stepRow(partition, stored.plan.id, index)))
    .map(({ index, step }) => foresee(step, facts, self).touches.map((id) => touchOf(index, id)));
}
