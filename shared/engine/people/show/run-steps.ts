/** The steps of a stage for people: how it was, exactly what would be or was sent, what came of it, and what never comes back. */
import type { Outcome } from "../../../domain/outcome.ts";
import type { Plan, PlannedStep, StageName } from "../../../domain/plan.ts";
import type { Signer } from "../../../ports/signer.ts";
import { actions } from "../../registry.ts";
import type { Partition } from "../../rows/partition.ts";
import { type IndexedStep, stepRow, stepsOf } from "../../rows/plans.ts";
import { isOurReceipt } from "../../rows/receipts.ts";
import type { StepRow } from "../../rows/rows.ts";
import { lostBy } from "../report/steps.ts";

export interface ShownStep {
  /** over the whole plan, from 0 */
  readonly index: number;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly need: PlannedStep["need"];
  /** why the playbook plans it */
  readonly why: string;
  /** of an undo: the step that it takes back */
  readonly undoes: PlannedStep["undoes"];
  /** ISO 8601 UTC, before its first request left */
  readonly intendedAt: string | null;
  /** exactly what would be sent, or was where `outcome` says applied */
  readonly requests: readonly string[];
  /** ids of what goes for good */
  readonly touches: readonly string[];
  readonly outcome: Outcome | null;
  readonly difference: {
    /** how it was, as its receipt says; null: nothing was kept */
    readonly before: unknown;
    /** what was sent to change it; empty: nothing was changed */
    readonly after: readonly string[];
    /** somebody edited the receipt: no undo follows it */
    readonly beforeAltered: boolean;
  };
  readonly lost: readonly string[];
  /** of an undo: what had nowhere to return to */
  readonly missing: readonly string[];
}

export function shownSteps(
  signer: Signer,
  partition: Partition,
  plan: Plan,
  stage: StageName,
): Promise<readonly ShownStep[]> {
  return Promise.all(stepsOf(plan, stage).map((one) => shownStep(signer, partition, plan, one)));
}

async function shownStep(
  signer: Signer,
  partition: Partition,
  { id }: Plan,
  { index, step }: IndexedStep,
): Promise<ShownStep> {
  const row: StepRow = stepRow(partition, id, index);
  const { action, parameters, need, reason, undoes } = step;
  const { intendedAt, requests, touches, outcome, receipt, missing = [] } = row;
  const hasReceipt = receipt !== null && receipt !== undefined;
  return {
    index,
    action,
    parameters,
    need,
    why: reason,
    undoes,
    intendedAt,
    requests,
    touches,
    outcome,
    difference: {
      before: receipt ?? null,
      after: outcome?.status === "applied" || outcome?.status === "reverted" ? requests : [],
      beforeAltered: hasReceipt && !(await isOurReceipt(signer, id, index, row)),
    },
    lost: lostBy(actions.get(action), row),
    missing,
  };
}
