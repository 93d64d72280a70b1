/** Approving and denying what waits. */
import { approveRun, denyRun } from "../../shared/api/decisions.ts";
import { type Decided, decideAsCaller } from "../../shared/engine/people/decisions/decide-as-caller.ts";
import { type Operation, operation } from "./handler.ts";

export const decisionOperations: readonly Operation[] = [
  operation(approveRun, async ({ services, caller, params, body }) => ({
    body: shown(await decideAsCaller(services, caller, params.id, "approve", body)),
  })),
  operation(denyRun, async ({ services, caller, params, body }) => ({
    body: shown(await decideAsCaller(services, caller, params.id, "deny", body)),
  })),
];

function shown({ approval, people, approvedBy }: Decided) {
  const { planId, stage, decision, by, at, expiresAt, alone } = approval;
  const missing = decision === "deny" ? 0 : Math.max(0, people - approvedBy.length);
  return { planId, stage, decision, by, at, expiresAt, alone, people, approvedBy: [...approvedBy], missing };
}
