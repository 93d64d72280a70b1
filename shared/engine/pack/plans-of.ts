/** The plans of an incident, as far as the rows tell it: what was signed, what was decided, what became of each step. */
import type { EvidencePlan, EvidenceStage, EvidenceStep } from "../../domain/evidence-pack.ts";
import { hashId } from "../../domain/ids.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Signer } from "../../ports/signer.ts";
import { lostBy } from "../people/report/steps.ts";
import { actions } from "../registry.ts";
import { type Partition, read } from "../rows/partition.ts";
import {
  type IndexedStep,
  plansOf,
  readPlan,
  type StoredPlan,
  stageRow,
  stagesOf,
  stepRow,
  stepsOf,
} from "../rows/plans.ts";
import { isOurReceipt } from "../rows/receipts.ts";
import { rowKey, SignedRow } from "../rows/rows.ts";
import { approvalsOf } from "./approvals-of.ts";

/** In the order in which they were made. */
export function plansIn(signer: Signer, partition: Partition, incidentId: string): Promise<readonly EvidencePlan[]> {
  return Promise.all(plansOf(partition, incidentId).map((plan) => planOf(signer, partition, plan)));
}

async function planOf(signer: Signer, partition: Partition, plan: Plan): Promise<EvidencePlan> {
  const found = await readPlan(partition, plan.id, signer);
  const signed = found !== null && found !== "altered";
  const text = read(partition, rowKey.plan(plan.id), SignedRow)?.payload ?? "";
  const stored: StoredPlan = signed ? found : { plan, hash: hashId(text) };
  const { id, playbook, version, ordinal, requestedBy, createdAt, findingIds } = stored.plan;
  return {
    ...{ id, hash: stored.hash, signed, playbook, version, ordinal, requestedBy, createdAt, findingIds },
    stages: await Promise.all(stagesOf(plan).map((stage) => stageOf(signer, partition, stored, stage))),
  };
}

async function stageOf(
  signer: Signer,
  partition: Partition,
  stored: StoredPlan,
  stage: EvidenceStage["stage"],
): Promise<EvidenceStage> {
  const row = stageRow(partition, stored.plan.id, stage);
  const { status, reasons, mode, people, decidedBy, askedAt, expiresAt, startedAt, endedAt, verification } = row;
  const [approvals, steps] = await Promise.all([
    approvalsOf(signer, partition, stored, stage),
    Promise.all(stepsOf(stored.plan, stage).map((one) => stepOf(signer, partition, stored.plan.id, one))),
  ]);
  return {
    ...{ stage, status, reasons, mode, people, decidedBy, askedAt, expiresAt, startedAt, endedAt, verification },
    approvals: [...approvals],
    steps,
  };
}

async function stepOf(
  signer: Signer,
  partition: Partition,
  planId: string,
  { index, step }: IndexedStep,
): Promise<EvidenceStep> {
  const row = stepRow(partition, planId, index);
  const { action, need, parameters, reason: why, undoes } = step;
  const before = row.receipt ?? null;
  const hasChanged = row.outcome?.status === "applied" || row.outcome?.status === "reverted";
  return {
    ...{ index, action, need, why, undoes, parameters, before },
    requests: row.requests,
    receiptSigned: before === null ? null : await isOurReceipt(signer, planId, index, row),
    after: hasChanged ? row.requests : [],
    outcome: row.outcome?.status ?? null,
    reason: row.outcome?.reason ?? "",
    intendedAt: row.intendedAt,
    at: row.outcome?.at ?? null,
    endedAt: row.endedAt ?? null,
    requestIds: row.outcome?.requestIds ?? [],
    endings: [],
    neverBack: [...lostBy(actions.get(action), row)],
  };
}
