/** Is what a stage changed still so? For each step by the very rule by which it was found to be done. */
import type { Snapshot } from "../../actions/action.ts";
import { describeError } from "../../domain/errors.ts";
import type { StageContext } from "../judge/stage-context.ts";
import { actionOf } from "../registry.ts";
import { type IndexedStep, stepRow, stepsOf } from "../rows/plans.ts";
import { type Facts, snapshotOf } from "../snapshot/read-facts.ts";
import { type Asks, readOn, readsOf } from "../snapshot/read-on.ts";
import { originalOf } from "../undo/prepare-revert.ts";

/** Steps whose change should still be seen: applied, or so before we came, and not taken back since. */
export function changedBy({ partition, stored, stage }: StageContext): readonly IndexedStep[] {
  return stepsOf(stored.plan, stage).filter(({ index }) => {
    const status = stepRow(partition, stored.plan.id, index).outcome?.status;
    return status === "applied" || status === "already-in-place";
  });
}

interface Check {
  readonly asks: Asks;
  holds(snapshot: Snapshot): boolean;
}

/** Null: could not be read now, which says nothing either way. */
export async function agreesNow(
  context: StageContext,
  facts: Facts,
  changed: readonly IndexedStep[],
): Promise<boolean | null> {
  const { logger } = context.writer.services;
  try {
    const checks = await Promise.all(changed.map((one) => checkOf(context, one)));
    const read = await readOn(
      context.writer.services,
      facts,
      checks.map(({ asks }) => asks),
    );
    if (read.failures.length > 0) return null;
    const snapshot = snapshotOf(read.facts);
    return checks.every((check) => check.holds(snapshot));
  } catch (error) {
    // a body that is missing or of another shape
    logger.warn("What was done could not be read back", { error: describeError(error) });
    return null;
  }
}

async function checkOf(context: StageContext, { step }: IndexedStep): Promise<Check> {
  if (step.undoes !== null) return revertCheck(context, step);
  const action = actionOf(step.action);
  const parameters = action.parameters.parse(step.parameters);
  return { asks: readsOf(action, parameters), holds: (snapshot) => action.isInPlace(parameters, snapshot) };
}

/** Taken back is what would need no request to be taken back again. */
async function revertCheck(context: StageContext, step: IndexedStep["step"]): Promise<Check> {
  const original = await originalOf(context, step);
  if (typeof original === "string") throw new Error(original);
  const { action, row } = original;
  const receipt = action.receipt.parse(row.receipt);
  return {
    asks: (snapshot) => action.revertReads?.(receipt, snapshot) ?? [],
    holds(snapshot) {
      const reversal = action.revert?.(receipt, snapshot);
      return reversal !== undefined && "requests" in reversal && reversal.requests.length === 0;
    },
  };
}
