/** Taking our own disable back grants nothing that was not there: one operator does it, whoever it is about and whatever is held. */
import type { PlannedStep } from "../../domain/plan.ts";

const ownDisables: ReadonlySet<string> = new Set([
  "disable-service-principal",
  "disable-agent",
  "deactivate-application",
]);

/** Of a step that disables, or of the one that takes it back. */
export function isOwnDisable({ action }: Pick<PlannedStep, "action">): boolean {
  return ownDisables.has(action);
}
