/** A person approves or denies a stage that waits: one signed word, while it waits, and the writer looks again. */
import type { Approval } from "../../../domain/approval.ts";
import type { DueMessage } from "../../../domain/due.ts";
import { TerminalError } from "../../../domain/errors.ts";
import type { StageName } from "../../../domain/plan.ts";
import { approvalKey } from "../../judge/approval-state.ts";
import { publishedAgainMs, putDue } from "../../rows/due.ts";
import { historyMs } from "../../rows/expiry.ts";
import { Draft, loadPartition } from "../../rows/partition.ts";
import { readPlan } from "../../rows/plans.ts";
import { rowKey } from "../../rows/rows.ts";
import type { FoundPlan, PersonsWord, TableServices } from "../find-plan.ts";
import { approvalFrom } from "./decision-checks.ts";
import { recordDecision } from "./record-decision.ts";

const tries = 8;

/**
 * Signs a decision on a stage that waits. The stage's row is written with it, so that of two who decide at once, or of a person and
 * the writer, the second looks again. Throws TerminalError saying why it cannot be decided (any more).
 */
export async function decideStage(
  services: TableServices,
  found: FoundPlan,
  stage: StageName,
  decision: Approval["decision"],
  word: PersonsWord,
): Promise<Approval> {
  let latest = found;
  for (let i = 0; i < tries; i++) {
    const approval = await approvalFrom(services, latest, stage, decision, word);
    if (await write(services, latest, approval)) return approval;
    latest = await again(services, found);
  }
  throw new TerminalError("others changed the same rows at the same moments; look again", { code: "conflict" });
}

async function again({ signer, stores }: TableServices, { partition: { key }, stored }: FoundPlan): Promise<FoundPlan> {
  const partition = await loadPartition(stores.identities, key);
  const now = await readPlan(partition, stored.plan.id, signer);
  if (now !== null && now !== "altered") return { partition, stored: now };
  throw new TerminalError(`plan ${stored.plan.id} is gone, or was altered meanwhile`, { code: "plan-altered" });
}

/**
 * Due row first, for some time after the commit: a crash in between leaves a wake-up that finds nothing, never a decision that
 * nobody reads. Once it can be read it is due now, whatever the writer makes of an older wake-up. False: the rows changed.
 */
async function write(services: TableServices, { partition, stored }: FoundPlan, approval: Approval): Promise<boolean> {
  const { clock, signer, stores } = services;
  const { planId, stage, by } = approval;
  const payload = JSON.stringify(approval);
  const signature = await signer.sign(payload);
  const now = clock.now();
  const draft = new Draft(partition).put(approvalKey(planId, stage, by), { payload, signature }, now + historyMs);
  const key = rowKey.stage(planId, stage);
  const row = partition.rows.get(key);
  if (row !== undefined) draft.put(key, row.value, now + historyMs);
  recordDecision(draft, stored.plan, approval, now);
  const message: DueMessage = { kind: "stage", identity: partition.key, planId, stage, verifies: false };
  await putDue(services, message, now + publishedAgainMs);
  if (!(await draft.commit(stores.identities))) return false;
  await putDue(services, message, now);
  return true;
}
