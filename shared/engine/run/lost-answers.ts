/** Begun and, as it turns out, done: only the answer was lost. It is written down before anything is judged anew. */
import type { PlannedStep } from "../../domain/plan.ts";
import { isoAt } from "../../ports/clock.ts";
import { currentStage, type StageContext } from "../judge/stage-context.ts";
import { actionOf } from "../registry.ts";
import { historyMs } from "../rows/expiry.ts";
import { Draft } from "../rows/partition.ts";
import { isFinal, stepRow, stepsOf } from "../rows/plans.ts";
import { rowKey, type StepRow } from "../rows/rows.ts";
import { stepEnded } from "../rows/step-deeds.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { prepareAny } from "../undo/prepare-revert.ts";
import { markReverted } from "../undo/take-back.ts";
import { isFor } from "./planned-step.ts";

/** `all-done`: nothing of the stage is left to be sent. `conflict`: somebody else changed the rows. */
export async function settleLostAnswers(
  context: StageContext,
  facts: Facts,
): Promise<"all-done" | "open" | "conflict"> {
  const { stored, partition, stage, writer } = context;
  if (currentStage(context).status !== "running") return "open";
  const now = writer.services.clock.now();
  const draft = new Draft(partition);
  let isOpen = false;
  for (const { index, step } of stepsOf(stored.plan, stage)) {
    const row = stepRow(partition, stored.plan.id, index);
    if (isFinal(row) || (row.intendedAt === null && isForOthers(step, facts))) continue;
    if (row.intendedAt === null || (await prepareAny(context, facts, step)).state !== "in-place") isOpen = true;
    else {
      const outcome = foundInPlace(row.intendedAt, now);
      draft.put(rowKey.step(stored.plan.id, index), { ...row, outcome } satisfies StepRow, now + historyMs);
      draft.record(stepEnded(stored.plan, index, outcome));
      markReverted(context, draft, step, outcome);
    }
  }
  if (!(await draft.commit(writer.services.stores.identities))) return "conflict";
  return isOpen ? "open" : "all-done";
}

/** It will be skipped: nothing of it is left to be sent. */
function isForOthers(step: PlannedStep, { kind }: Facts): boolean {
  return step.undoes === null && kind !== "unknown" && !isFor(step, actionOf(step.action), kind);
}

/** In place after an intent of ours is our own write, whose answer a crash or a lost reply kept from us. */
export function foundInPlace(intendedAt: string, now: number): NonNullable<StepRow["outcome"]> {
  const reason = `found in place after our intent of ${intendedAt}; the answer was lost`;
  return { status: "applied", reason, at: isoAt(now), requestIds: [] };
}
