/** What the ledger keeps of plans and their steps, besides what people are told. */
import type { Deed } from "../../domain/ledger.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Plan } from "../../domain/plan.ts";
import { asStored, hashOfValue } from "./chain.ts";
import type { StepRow } from "./rows.ts";

const by = "tourniquet";

/** `hash`: what an approval of the plan is over. */
export function planMade(plan: Plan, hash: string): Deed {
  const { id, incidentId, playbook, version, ordinal, findingIds, requestedBy, createdAt, notBefore } = plan;
  const steps = plan.steps.map((step, index) => ({ index, ...step }));
  return {
    chain: incidentId,
    at: createdAt,
    event: "plan.made",
    by: requestedBy,
    message: `Plan ${id} was made: ${playbook}, ${steps.map(({ action }) => action).join(", ")}`,
    data: { planId: id, hash, playbook, version, mode: plan.mode ?? null, ordinal, findingIds, notBefore, steps },
  };
}

/** Before the first request of the step leaves, and again each time they are sent anew. `at`: ISO 8601 UTC. */
export function stepIntended(
  plan: Plan,
  index: number,
  { receipt, requests }: StepRow,
  decidedBy: string,
  at: string,
): Deed {
  return {
    chain: plan.incidentId,
    at,
    event: "step.intended",
    by,
    message: `${named(plan, index)} is about to be sent: ${requests.length} requests`,
    data: {
      ...idsOf(plan, index),
      decidedBy,
      requests,
      receiptHash: receipt === null ? null : hashOfValue(asStored(receipt)),
    },
  };
}

/** However it ended. A step that is taken back ends once more, as `reverted`. */
export function stepEnded(plan: Plan, index: number, outcome: Outcome): Deed {
  const { status, reason, requestIds, at } = outcome;
  return {
    chain: plan.incidentId,
    at,
    event: "step.ended",
    by,
    message: `${named(plan, index)} ended as ${status}: ${reason}`,
    data: { ...idsOf(plan, index), status, reason, requestIds },
  };
}

function named({ id, steps }: Plan, index: number): string {
  return `Step ${index + 1} of plan ${id}, ${steps[index]?.action}`;
}

function idsOf({ id, playbook, steps }: Plan, index: number) {
  const step = steps[index];
  return { planId: id, playbook, index, stage: step?.stage, action: step?.action, undoes: step?.undoes ?? null };
}
