/** What was approved is what goes: a credential that nobody was shown does not go on the word of an approval. */
import type { Decision } from "./approval-state.ts";
import { stepsOf } from "./plans.ts";
import { previewStep } from "./preview.ts";
import { type Facts, snapshotOf } from "./read-facts.ts";
import type { StageContext } from "./stage-context.ts";

/** One thing that goes for good, within a plan: the step and the id. */
export function touchOf(index: number, id: string): string {
  return `${index}:${id}`;
}

/** Of the approved decision, if more would go now than was shown, an invalid one that says so; contain is never refused for it. */
export function withoutDrift(context: StageContext, facts: Facts, decision: Decision): Decision {
  if (decision.state !== "approved" || context.stage === "contain") return decision;
  const snapshot = snapshotOf(facts);
  const now = stepsOf(context.stored.plan, context.stage).flatMap(({ index, step }) =>
    previewStep(step, snapshot).touches.map((id) => touchOf(index, id)),
  );
  const unseen = now.filter((touch) => !decision.touches.has(touch));
  if (unseen.length === 0) return decision;
  const ids = unseen.map((touch) => touch.slice(touch.indexOf(":") + 1)).join(", ");
  return { state: "invalid", reason: `it was given before ${ids} was there; look again and approve again` };
}
