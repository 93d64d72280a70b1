/** Plans as stored: signed text, read only when the signature holds; and the state of their stages and steps. */
import { keyOfRef } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import { Plan, type PlannedStep, type StageName, stageOrder } from "../../domain/plan.ts";
import type { Signer } from "../../ports/signer.ts";
import { type Partition, read } from "./partition.ts";
import { newStage, newStep, rowKey, StageRow, StepRow } from "./rows.ts";
import { signedRow, signedRows } from "./signed-rows.ts";

export interface StoredPlan {
  readonly plan: Plan;
  /** what an approval is over */
  readonly hash: string;
}

/**
 * Null: no such plan. `"altered"`: the row is not what we signed, or not for this identity (a signed row can be copied), so nothing
 * may be done on its word.
 */
export async function readPlan(
  partition: Partition,
  planId: string,
  signer: Signer,
): Promise<StoredPlan | "altered" | null> {
  const row = signedRow(partition, rowKey.plan(planId));
  if (row === null) return null;
  if (!(await signer.verify(row.payload, row.signature))) return "altered";
  const plan = planText(row.payload);
  if (plan === null || plan.id !== planId || keyOfRef(plan.identity) !== partition.key) return "altered";
  return { plan, hash: hashId(row.payload) };
}

/** Null: not a plan's text, which only somebody else can have written. It must not keep the identity's other rows from use. */
export function planText(payload: string): Plan | null {
  try {
    return Plan.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}

/** Plans of an incident as their text says, for deciding what is still called for; running one checks its signature. */
export function plansOf(partition: Partition, incidentId: string): readonly Plan[] {
  return signedRows(partition, rowKey.plan(""))
    .flatMap(({ value }) => planText(value.payload) ?? [])
    .filter((plan) => plan.incidentId === incidentId)
    .sort((a, b) => a.ordinal - b.ordinal);
}

export function stagesOf(plan: Plan): readonly StageName[] {
  return stageOrder.filter((stage) => plan.steps.some((step) => step.stage === stage));
}

export function stageRow(partition: Partition, planId: string, stage: StageName): StageRow {
  return read(partition, rowKey.stage(planId, stage), StageRow) ?? newStage;
}

export interface IndexedStep {
  /** over the whole plan */
  readonly index: number;
  readonly step: PlannedStep;
}

export function stepsOf(plan: Plan, stage: StageName): readonly IndexedStep[] {
  return plan.steps.map((step, index) => ({ index, step })).filter(({ step }) => step.stage === stage);
}

export function stepRow(partition: Partition, planId: string, index: number): StepRow {
  return read(partition, rowKey.step(planId, index), StepRow) ?? newStep;
}

/** What an earlier pass planned, previewed or put off is not final. */
export function isFinal({ outcome: known }: StepRow): boolean {
  return (
    known !== null &&
    ["applied", "already-in-place", "skipped", "failed", "cancelled", "reverted"].includes(known.status)
  );
}
