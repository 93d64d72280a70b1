/** What became of each step: how it was before, what was sent, and what never comes back. */
import type { Action } from "../../../actions/action.ts";
import type { OutcomeStatus } from "../../../domain/outcome.ts";
import type { StageName } from "../../../domain/plan.ts";
import type { StageContext } from "../../judge/stage-context.ts";
import { actions } from "../../registry.ts";
import { stagesOf, stepRow, stepsOf } from "../../rows/plans.ts";
import type { StepRow } from "../../rows/rows.ts";
import { lostWith } from "../../undo/undo-scope.ts";
import type { Change } from "./residual-access.ts";

export interface StepReport {
  readonly stage: StageName;
  readonly action: string;
  readonly outcome: OutcomeStatus | null;
  readonly reason: string;
  /** ISO 8601 UTC */
  readonly at: string | null;
  /** what the receipt holds: how it was */
  readonly before: unknown;
  /** exactly what was sent to change it */
  readonly after: readonly string[];
  readonly requestIds: readonly string[];
  readonly lost: readonly string[];
}

/** Of every stage of the plan, in their order. */
export function stepReports({ stored, partition }: StageContext): readonly StepReport[] {
  const { plan } = stored;
  return stagesOf(plan).flatMap((stage) =>
    stepsOf(plan, stage).map(({ index, step }) => {
      const row = stepRow(partition, plan.id, index);
      const isDone = row.outcome?.status === "applied";
      return {
        stage,
        action: step.action,
        outcome: row.outcome?.status ?? null,
        reason: row.outcome?.reason ?? "",
        at: row.outcome?.at ?? null,
        before: row.receipt ?? null,
        after: isDone ? row.requests : [],
        requestIds: row.outcome?.requestIds ?? [],
        lost: lostBy(actions.get(step.action), row),
      };
    }),
  );
}

/** What of an applied step never comes back: as its receipt says, or, where nothing can be taken back, all that it took away. */
export function lostBy(action: Action | undefined, row: StepRow): readonly string[] {
  if (action === undefined || row.outcome?.status !== "applied") return [];
  const said = lostWith({ action, row });
  if (said.length > 0 || action.revert !== undefined || row.touches.length === 0) return said;
  return [`${action.id}: the values of ${row.touches.join(", ")}`];
}

/** What holds now, whoever did it. */
export function changesOf(steps: readonly Pick<StepReport, "action" | "outcome" | "at">[]): readonly Change[] {
  return steps.flatMap(({ action, outcome, at }) =>
    at !== null && isHeld({ outcome }) ? [{ action, at: Date.parse(at) }] : [],
  );
}

export function isHeld({ outcome }: Pick<StepReport, "outcome">): boolean {
  return outcome === "applied" || outcome === "already-in-place";
}

/** Did it change anything, or was it all so before we came? */
export function wrote(steps: readonly StepReport[], stage: StageName): boolean {
  return steps.some((step) => step.stage === stage && step.outcome === "applied");
}
