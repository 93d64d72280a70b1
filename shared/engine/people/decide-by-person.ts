/** What a person may do about a plan, on the tables: approve or deny a stage that waits. */
import { type Approval, samePerson } from "../../domain/approval.ts";
import type { DueMessage } from "../../domain/due.ts";
import { TerminalError } from "../../domain/errors.ts";
import type { StageName } from "../../domain/plan.ts";
import { patienceOf } from "../../domain/policy.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { approvalKey, decisionOn, peopleNeeded } from "../judge/approval-state.ts";
import { touchOf } from "../judge/drift.ts";
import { publishedAgainMs, putDue } from "../rows/due.ts";
import { historyMs } from "../rows/expiry.ts";
import { Draft, loadPartition, type Partition } from "../rows/partition.ts";
import { readPlan, type StoredPlan, stageRow, stagesOf, stepRow, stepsOf } from "../rows/plans.ts";
import { rowKey } from "../rows/rows.ts";

/** All a person's tool needs: no Graph and no hub; the sweep wakes the writer within 10 s. */
export type TableServices = Pick<Services, "clock" | "policy" | "signer" | "stores">;

export interface FoundPlan {
  readonly partition: Partition;
  readonly stored: StoredPlan;
}

/** By plan id. Throws TerminalError when there is none, or when its row is not what we signed. */
export async function findPlan(services: TableServices, planId: string): Promise<FoundPlan> {
  for await (const { identity } of services.stores.identities.list(rowKey.plan(planId))) {
    const partition = await loadPartition(services.stores.identities, identity);
    const stored = await readPlan(partition, planId, services.signer);
    if (stored === "altered") {
      const message = `the row of plan ${planId} was altered after it was signed (or signed by another key): it will not run`;
      throw new TerminalError(message, { code: "plan-altered" });
    }
    if (stored !== null) return { partition, stored };
  }
  throw new TerminalError(`there is no plan ${planId}; \`runs list\` shows those there are`, { code: "no-such-plan" });
}

export interface PersonsWord {
  readonly by: string;
  readonly reason: string;
  /** the frozen list that the decision was one of */
  readonly group?: Approval["group"];
}

/** Signs a decision on a stage that waits. Throws TerminalError saying why it cannot be decided. */
export async function decideStage(
  services: TableServices,
  { partition, stored }: FoundPlan,
  stage: StageName,
  decision: Approval["decision"],
  { by, reason, group = null }: PersonsWord,
): Promise<Approval> {
  const now = services.clock.now();
  const row = stageRow(partition, stored.plan.id, stage);
  if (!stagesOf(stored.plan).includes(stage)) {
    throw new TerminalError(`plan ${stored.plan.id} has no ${stage} stage, only ${stagesOf(stored.plan).join(", ")}`, {
      code: "no-such-stage",
    });
  }
  if (row.status !== "waiting") {
    const stands = row.status === "pending" ? "pending, its turn has not come" : row.status;
    throw new TerminalError(`the ${stage} stage does not wait for a person: it is ${stands}`, { code: "not-waiting" });
  }
  if (samePerson(by, stored.plan.requestedBy)) {
    throw new TerminalError(`${by} asked for this plan and cannot approve it; somebody else must`, {
      code: "same-person",
    });
  }
  if (row.expiresAt !== null && Date.parse(row.expiresAt) <= now) {
    throw new TerminalError(`the time to decide it ended at ${row.expiresAt}`, { code: "expired" });
  }
  const touches = shownTouches(partition, stored, stage);
  if (decision === "approve") await refuseSecondWord(services, { partition, stored }, stage, { by, group, touches });
  const expiresAt = row.expiresAt ?? isoAt(now + patienceOf(services.policy, stage).expiresHours * 3600_000);
  const approval: Approval = {
    planId: stored.plan.id,
    stage,
    planHash: stored.hash,
    decision,
    by,
    reason,
    touches,
    at: isoAt(now),
    expiresAt,
    group,
    alone: false,
  };
  const message: DueMessage = {
    kind: "stage",
    identity: partition.key,
    planId: stored.plan.id,
    stage,
    verifies: false,
  };
  await write(services, partition, approvalKey(stored.plan.id, stage, by), approval, message);
  return approval;
}

function shownTouches(partition: Partition, { plan }: StoredPlan, stage: StageName): string[] {
  return stepsOf(plan, stage).flatMap(({ index }) =>
    stepRow(partition, plan.id, index).touches.map((id) => touchOf(index, id)),
  );
}

/**
 * Who approved already is not counted twice, and should not believe so. Their word may be said anew where it would say more: about
 * what was not shown before, or given for one plan after a long list.
 */
async function refuseSecondWord(
  services: TableServices,
  { partition, stored }: FoundPlan,
  stage: StageName,
  word: Pick<Approval, "by" | "group" | "touches">,
): Promise<void> {
  const decision = await decisionOn(services, partition, stored, stage);
  if (decision.state !== "approved") return;
  const before = decision.given.find(({ by }) => samePerson(by, word.by));
  if (before === undefined || (word.group?.members ?? 1) < before.members) return;
  if (word.touches.some((touch) => !before.touches.has(touch))) return;
  const asked = stageRow(partition, stored.plan.id, stage).people === 2 ? 2 : 1;
  const isEnough = decision.given.length >= peopleNeeded(decision, asked, services.policy);
  const next = isEnough ? "the writer is about to act on it" : "somebody else must";
  throw new TerminalError(`${word.by}, you have already approved it at ${before.at}; ${next}`, {
    code: "already-approved",
  });
}

/**
 * Due row first, for some time after the commit: a crash in between leaves a wake-up that finds nothing, never a decision that
 * nobody reads. Once it can be read it is due now, whatever the writer makes of an older wake-up.
 */
async function write(
  services: TableServices,
  partition: Partition,
  key: string,
  value: Approval,
  message: DueMessage,
): Promise<void> {
  const payload = JSON.stringify(value);
  const signature = await services.signer.sign(payload);
  const now = services.clock.now();
  const draft = new Draft(partition).put(key, { payload, signature }, now + historyMs);
  await putDue(services, message, now + publishedAgainMs);
  if (!(await draft.commit(services.stores.identities))) {
    throw new TerminalError("somebody else decided this at the same moment; look again", { code: "conflict" });
  }
  await putDue(services, message, now);
}
