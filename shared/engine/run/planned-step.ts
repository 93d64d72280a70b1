/** Whom a planned step is for, and whom else it reaches: the same answers wherever a stage is judged, run or replayed. */
import type { Action } from "../../actions/action.ts";
import type { IdentityKind } from "../../domain/identity.ts";
import type { PlannedStep } from "../../domain/plan.ts";
import { actionOf } from "../registry.ts";

/** Does the step apply to such an identity at all? */
export function isFor({ kinds }: PlannedStep, action: Action, kind: IdentityKind): boolean {
  return action.appliesTo(kind) && (kinds === undefined || kinds.includes(kind));
}

/** What is skipped for such an identity is not judged either; of an identity whose kind is not known, everything is. */
export function mayRun(step: PlannedStep, kind: IdentityKind): boolean {
  return kind === "unknown" || isFor(step, actionOf(step.action), kind);
}

export function reachesOtherTenants({ action: id, parameters }: PlannedStep): boolean {
  const action = actionOf(id);
  const parsed = action.parameters.safeParse(parameters);
  // parameters that do not fit are not run either
  return parsed.success && action.reachesOtherTenants?.(parsed.data) === true;
}
