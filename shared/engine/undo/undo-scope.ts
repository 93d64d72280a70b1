/** What of a plan can be taken back, what comes back only in part, and what stays; from the rows alone, so a person sees it first. */
import type { Action } from "../../actions/action.ts";
import { hasEnded, type Plan, type PlannedStep } from "../../domain/plan.ts";
import { actionOf } from "../registry.ts";
import type { Partition } from "../rows/partition.ts";
import { stageRow, stagesOf, stepRow, stepsOf } from "../rows/plans.ts";
import type { StepRow } from "../rows/rows.ts";

export interface Takeable {
  /** over the whole plan */
  readonly index: number;
  readonly step: PlannedStep;
  readonly action: Action;
  readonly row: StepRow;
}

export interface UndoScope {
  /** in the order in which they are taken back: the last change first */
  readonly takes: readonly Takeable[];
  /** what of them never comes back, one phrase each */
  readonly lost: readonly string[];
  /** what was done and cannot be taken back at all, one phrase each */
  readonly stays: readonly string[];
  /** stages that wait and will not run any more */
  readonly cancels: readonly string[];
}

/** Did the step change anything, or may it have? What failed half-way, or lost its answer, has a receipt, too. */
export function mayHaveWritten({ intendedAt, outcome }: StepRow): boolean {
  if (outcome?.status === "applied") return true;
  return intendedAt !== null && outcome?.status !== "reverted" && outcome?.status !== "already-in-place";
}

/** `only`: the index of the one step that is meant; null: the whole plan. `busy`: what another undo is at work on. */
export function undoScope(
  partition: Partition,
  plan: Plan,
  only: number | null,
  busy: ReadonlySet<number> = new Set(),
): UndoScope {
  const written = stagesOf(plan)
    .flatMap((stage) => stepsOf(plan, stage))
    .filter(({ index, step }) => step.undoes === null && (only ?? index) === index && !busy.has(index))
    .map(({ index, step }) => ({ index, step, action: actionOf(step.action), row: stepRow(partition, plan.id, index) }))
    .filter(({ row }) => mayHaveWritten(row))
    .reverse();
  const takes = written.filter(isTakeable);
  return {
    takes,
    lost: takes.flatMap(lostWith),
    stays: written.filter((one) => !isTakeable(one)).flatMap(staysOf),
    cancels: stagesOf(plan).filter((stage) => !hasEnded(stageRow(partition, plan.id, stage).status)),
  };
}

function isTakeable({ action, row }: Takeable): boolean {
  return action.revert !== undefined && action.receipt.safeParse(row.receipt).success;
}

/** What never comes back of this step, by its receipt. */
export function lostWith({ action, row }: Pick<Takeable, "action" | "row">): readonly string[] {
  const receipt = action.receipt.safeParse(row.receipt);
  if (!receipt.success) return [];
  return (action.lost?.(receipt.data) ?? []).map((phrase) => `${action.id}: ${phrase}`);
}

function staysOf(one: Takeable): readonly string[] {
  const { action, row } = one;
  const why = action.revert === undefined ? "cannot be taken back" : "its receipt cannot be read";
  const lost = lostWith(one);
  return lost.length > 0 ? lost : [`${action.id} of ${row.outcome?.at ?? row.intendedAt}: ${why}`];
}
