/** What an undo changes in the rows of the plan it takes back: its steps, its stages, and that nothing more of it runs. */
import type { Outcome } from "../../domain/outcome.ts";
import { hasEnded, mayMove, type Plan, type PlannedStep } from "../../domain/plan.ts";
import { isoAt } from "../../ports/clock.ts";
import { endedNow, meetFilings, type StageContext } from "../judge/stage-context.ts";
import { actionOf } from "../registry.ts";
import { historyMs } from "../rows/expiry.ts";
import type { Draft } from "../rows/partition.ts";
import { plansOf, readPlan, stageRow, stagesOf, stepRow, stepsOf } from "../rows/plans.ts";
import { rowKey, type StageRow, type StepRow } from "../rows/rows.ts";
import { stepEnded } from "../rows/step-deeds.ts";
import { mayHaveWritten } from "./undo-scope.ts";

/** In the same commit as the undo step's own outcome: the step that was taken back says so. */
export function markReverted(
  context: StageContext,
  draft: Draft,
  { undoes, reason }: PlannedStep,
  result: Outcome,
): void {
  if (undoes === null || (result.status !== "applied" && result.status !== "already-in-place")) return;
  const row = stepRow(context.partition, undoes.planId, undoes.index);
  if (row.outcome?.status === "reverted") return;
  const how = result.status === "applied" ? "" : " (it was as before already)";
  const said = `${context.stored.plan.requestedBy}: ${reason}${how}`;
  const outcome: Outcome = { status: "reverted", reason: said, at: result.at, requestIds: result.requestIds };
  const taken: StepRow = { ...row, outcome, endedAt: row.outcome?.at ?? null };
  draft.put(rowKey.step(undoes.planId, undoes.index), taken, expiry(context));
  recordTaken(context, draft, undoes, outcome);
}

/** In the ledger of the incident that its plan was for, which an edited row cannot choose: the undo is signed for the same. */
function recordTaken(
  { stored, partition }: StageContext,
  draft: Draft,
  { planId, index }: { readonly planId: string; readonly index: number },
  outcome: Outcome,
): void {
  const plan = plansOf(partition, stored.plan.incidentId).find(({ id }) => id === planId);
  if (plan !== undefined) draft.record(stepEnded(plan, index, outcome));
}

/** Nobody who takes a containment back wants the rest of it. What a cancelled stage had done by then is still verified. */
export async function cancelRest(context: StageContext, draft: Draft): Promise<void> {
  for (const plan of await plansTakenBack(context)) {
    for (const stage of stagesOf(plan)) {
      const row = stageRow(context.partition, plan.id, stage);
      if (hasEnded(row.status)) continue;
      const reasons = [`${context.stored.plan.requestedBy} takes the plan back`];
      const verification = leftover(context, plan, stage) ?? row.verification;
      const ended: StageRow = { ...row, status: "cancelled", reasons, verification, ...endedNow(context) };
      draft.put(rowKey.stage(plan.id, stage), ended, expiry(context));
    }
    meetFilings(draft, plan.incidentId, expiry(context));
  }
}

function leftover({ partition }: StageContext, plan: Plan, stage: PlannedStep["stage"]): StageRow["verification"] {
  const times = stepsOf(plan, stage).flatMap(({ index }) => {
    const { outcome } = stepRow(partition, plan.id, index);
    return outcome?.status === "applied" ? [outcome.at] : [];
  });
  const appliedAt = times.sort().at(-1);
  return appliedAt === undefined ? null : { state: "unverified", appliedAt, reads: [], refusedSignInAt: null };
}

/** A stage is undone when nothing of it is left that could be taken back. There is nothing of it to verify any more then. */
export async function closeTakenBack(context: StageContext, draft: Draft): Promise<void> {
  for (const plan of await plansTakenBack(context)) {
    for (const stage of stagesOf(plan)) {
      const row = stageRow(context.partition, plan.id, stage);
      if (!mayMove(row.status, "undone") || !isUndone(draft, plan, stage)) continue;
      const reasons = [`${context.stored.plan.requestedBy} took it back by plan ${context.stored.plan.id}`];
      const verification = row.verification?.state === "unverified" ? null : row.verification;
      const endedAt = isoAt(context.writer.services.clock.now());
      draft.put(
        rowKey.stage(plan.id, stage),
        { ...row, status: "undone", reasons, verification, endedAt },
        expiry(context),
      );
    }
    meetFilings(draft, plan.incidentId, expiry(context));
  }
}

function isUndone(draft: Draft, plan: Plan, stage: PlannedStep["stage"]): boolean {
  const after = draft.preview();
  const rows = stepsOf(plan, stage).map(({ index, step }) => ({ step, row: stepRow(after, plan.id, index) }));
  const isLeft = rows.some(({ step, row }) => mayHaveWritten(row) && actionOf(step.action).revert !== undefined);
  return !isLeft && rows.some(({ row }) => row.outcome?.status === "reverted");
}

async function plansTakenBack({ writer, partition, stored, stage }: StageContext): Promise<readonly Plan[]> {
  const ids = new Set(stepsOf(stored.plan, stage).flatMap(({ step }) => step.undoes?.planId ?? []));
  const found = await Promise.all([...ids].map((id) => readPlan(partition, id, writer.services.signer)));
  return found.flatMap((one) => (one === null || one === "altered" ? [] : [one.plan]));
}

function expiry({ writer }: StageContext): number {
  return writer.services.clock.now() + historyMs;
}
