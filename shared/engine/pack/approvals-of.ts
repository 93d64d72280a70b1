/** Who decided a stage, when and why; what does not hold is shown as such, since somebody wrote it. */
import { Approval, samePerson } from "../../domain/approval.ts";
import type { EvidenceApproval } from "../../domain/evidence-pack.ts";
import type { StageName } from "../../domain/plan.ts";
import type { Signer } from "../../ports/signer.ts";
import { type Partition, readAll } from "../rows/partition.ts";
import type { StoredPlan } from "../rows/plans.ts";
import { rowKey, SignedRow } from "../rows/rows.ts";

/** Earliest first. Whether it had expired is no question here: it was in time, or the stage did not run on it. */
export async function approvalsOf(
  signer: Signer,
  partition: Partition,
  stored: StoredPlan,
  stage: StageName,
): Promise<readonly EvidenceApproval[]> {
  const rows = readAll(partition, `${rowKey.approval(stored.plan.id, stage)}|`, SignedRow);
  const words = await Promise.all(rows.map(({ value }) => wordOf(signer, value, stored, stage)));
  return words.toSorted((a, b) => (a.at ?? "").localeCompare(b.at ?? ""));
}

async function wordOf(
  signer: Signer,
  { payload, signature }: SignedRow,
  stored: StoredPlan,
  stage: StageName,
): Promise<EvidenceApproval> {
  const approval = textOf(payload);
  if (approval === null) return unreadable;
  const { decision, by, at, reason, expiresAt, alone, group } = approval;
  const isSigned = await signer.verify(payload, signature);
  return {
    ...{ decision, by, at, reason, expiresAt, alone, group },
    invalid: isSigned ? misplaced(approval, stored, stage) : "it is not what we signed",
  };
}

function misplaced(approval: Approval, { plan, hash }: StoredPlan, stage: StageName): string | null {
  if (approval.planId !== plan.id || approval.planHash !== hash || approval.stage !== stage) {
    return "it was given for another plan or stage";
  }
  const isOwn = samePerson(approval.by, plan.requestedBy);
  return isOwn && approval.decision === "approve" && !approval.alone
    ? "who asked for the plan cannot approve it"
    : null;
}

const unreadable: EvidenceApproval = {
  ...{ decision: null, by: null, at: null, reason: null, expiresAt: null, alone: false, group: null },
  invalid: "it cannot be read",
};

function textOf(payload: string): Approval | null {
  try {
    return Approval.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}
