/** What an undo did, step by step, and what it could not give back: told as loudly as what it takes back was. */

import type { StageContext } from "../judge/stage-context.ts";
import type { Report } from "../people/report/report.ts";
import { actionOf } from "../registry.ts";
import type { Draft, Partition } from "../rows/partition.ts";
import { type IndexedStep, plansOf, stepRow, stepsOf } from "../rows/plans.ts";
import { lostWith, undoScope } from "./undo-scope.ts";

/** `draft`: what is about to be written. */
export function undoReport(context: StageContext, draft?: Draft): Report & { readonly neverBack: readonly string[] } {
  const partition = draft?.preview() ?? context.partition;
  const { plan } = context.stored;
  const steps = stepsOf(plan, context.stage);
  const neverBack = [
    ...lostOf(steps, partition),
    ...missingOf(steps, partition, plan.id),
    ...staysOf(context, partition),
  ];
  const [reason] = steps.flatMap(({ step }) => (step.undoes === null ? [] : [step.reason]));
  return {
    sentences: [
      `1. ${plan.requestedBy} took back what we did (${reason ?? "no reason given"}): ${steps.map((one) => becameOf(one, partition, plan.id)).join("; ")}.`,
      `2. This never comes back: ${neverBack.join("; ") || "nothing, all is as it was"}.`,
      "3. Whatever holds a credential that is still there gets tokens again, a stolen one too.",
    ],
    residual: [],
    neverBack,
  };
}

function becameOf({ index, step }: IndexedStep, partition: Partition, planId: string): string {
  const { outcome } = stepRow(partition, planId, index);
  const became = step.undoes !== null && outcome?.status === "applied" ? "taken back" : (outcome?.status ?? "not run");
  const why = outcome?.status === "applied" ? "" : ` (${outcome?.reason ?? ""})`;
  return `${step.action} ${became}${why}`;
}

/** What is lost of the steps that are taken back. */
function lostOf(steps: readonly IndexedStep[], partition: Partition): readonly string[] {
  return steps.flatMap(({ step }) =>
    step.undoes === null
      ? []
      : lostWith({ action: actionOf(step.action), row: stepRow(partition, step.undoes.planId, step.undoes.index) }),
  );
}

/** What had nowhere to return to. */
function missingOf(steps: readonly IndexedStep[], partition: Partition, planId: string): readonly string[] {
  return steps.flatMap(({ index, step }) =>
    (stepRow(partition, planId, index).missing ?? []).map((phrase) => `${step.action}: ${phrase}`),
  );
}

/** What could not be taken back at all, of the plans that were taken back as a whole. */
function staysOf({ stored, stage }: StageContext, partition: Partition): readonly string[] {
  const ids = new Set(stepsOf(stored.plan, stage).flatMap(({ step }) => step.undoes?.planId ?? []));
  return plansOf(partition, stored.plan.incidentId)
    .filter(({ id }) => ids.has(id))
    .map((plan) => undoScope(partition, plan, null))
    .flatMap(({ takes, stays }) => (takes.length === 0 ? stays : []));
}
