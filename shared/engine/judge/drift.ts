/** What was approved is what goes: a credential that nobody was shown does not go on the word of an approval. */

import { foresee } from "../people/preview.ts";
import { stepsOf } from "../rows/plans.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import type { Decision, Given } from "./approval-state.ts";
import type { StageContext } from "./stage-context.ts";

/** One thing that goes for good, within a plan: the step and the id. */
export function touchOf(index: number, id: string): string {
  return `${index}:${id}`;
}

/**
 * Of the approved decision only the approvals of people who were shown all that would go now; without one left, an invalid decision
 * that says so. Contain is never refused for it.
 */
export async function withoutDrift(context: StageContext, facts: Facts, decision: Decision): Promise<Decision> {
  if (decision.state !== "approved" || context.stage === "contain") return decision;
  const self = await context.writer.services.tenant.whoAmI();
  const now = stepsOf(context.stored.plan, context.stage).flatMap(({ index, step }) =>
    foresee(step, facts, self).touches.map((id) => touchOf(index, id)),
  );
  const unseenBy = ({ touches }: Given) => now.filter((touch) => !touches.has(touch));
  const [first, ...others] = decision.given.filter((given) => unseenBy(given).length === 0);
  if (first !== undefined) return { state: "approved", given: [first, ...others] };
  const ids = unseenBy(decision.given[0]).map((touch) => touch.slice(touch.indexOf(":") + 1));
  return { state: "invalid", reason: `it was given before ${ids.join(", ")} was there; look again and approve again` };
}
