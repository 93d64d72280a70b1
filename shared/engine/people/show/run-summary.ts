/** One plan in a listing: who it is about, why it is there, and how its stages stand. */
import type { IdentityRef } from "../../../domain/identity.ts";
import type { VerificationState } from "../../../domain/outcome.ts";
import type { Plan, StageName, StageStatus } from "../../../domain/plan.ts";
import { type Partition, read } from "../../rows/partition.ts";
import { stageRow, stagesOf } from "../../rows/plans.ts";
import { IdentityRecord, rowKey } from "../../rows/rows.ts";
import type { ShownPlan } from "./plan-in.ts";

export interface ShownIdentity extends Omit<IdentityRef, "tenantId"> {
  readonly key: string;
  /** attacker-chosen text */
  readonly claimedName: string | null;
}

export interface StageSummary {
  readonly stage: StageName;
  readonly status: StageStatus;
  readonly reasons: readonly string[];
  readonly askedAt: string | null;
  readonly expiresAt: string | null;
  readonly decidedBy: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly verification: VerificationState | null;
}

export interface RunSummary {
  readonly id: string;
  /** null: the row was altered */
  readonly hash: string | null;
  readonly altered: boolean;
  readonly identity: ShownIdentity;
  readonly incidentId: string;
  readonly playbook: string;
  readonly version: number;
  readonly createdAt: string;
  readonly requestedBy: string;
  readonly mode: "observe" | "approve" | null;
  readonly stages: readonly StageSummary[];
}

export function runSummary({ partition, plan, stored }: ShownPlan): RunSummary {
  const { id, incidentId, playbook, version, createdAt, requestedBy, mode = null } = plan;
  return {
    id,
    hash: stored?.hash ?? null,
    altered: stored === null,
    identity: shownIdentity(partition, plan.identity),
    incidentId,
    playbook,
    version,
    createdAt,
    requestedBy,
    mode,
    stages: stageSummaries(partition, plan),
  };
}

export function shownIdentity(partition: Partition, claimed: IdentityRef): ShownIdentity {
  const record = read(partition, rowKey.identity, IdentityRecord);
  const { appId, servicePrincipalId, applicationObjectId } = record?.ref ?? claimed;
  const claimedName = record?.claimedName ?? null;
  return { key: partition.key, appId, servicePrincipalId, applicationObjectId, claimedName };
}

export function stageSummaries(partition: Partition, plan: Plan): readonly StageSummary[] {
  return stagesOf(plan).map((stage) => {
    const row = stageRow(partition, plan.id, stage);
    const { status, reasons, askedAt, expiresAt, decidedBy, startedAt, endedAt, verification } = row;
    const known = { status, reasons, askedAt, expiresAt, decidedBy, startedAt, endedAt };
    return { stage, ...known, verification: verification?.state ?? null };
  });
}
