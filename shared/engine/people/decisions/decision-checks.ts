/** May this person decide this stage now? The word that is to be signed, or why not. */
import { type Approval, samePerson } from "../../../domain/approval.ts";
import { hasRole } from "../../../domain/caller.ts";
import { TerminalError } from "../../../domain/errors.ts";
import type { StageName } from "../../../domain/plan.ts";
import { patienceOf } from "../../../domain/policy.ts";
import { isoAt } from "../../../ports/clock.ts";
import { type Decision, decisionOn, mayBeAlone, peopleNeeded } from "../../judge/approval-state.ts";
import { cancellationOf, sayCancelled } from "../../judge/cancellation.ts";
import { stageRow, stagesOf } from "../../rows/plans.ts";
import type { FoundPlan, PersonsWord, TableServices } from "../find-plan.ts";
import { seenOf, shownTouches } from "./shown-stage.ts";

/**
 * Throws TerminalError `called-off`, `no-such-stage`, `not-waiting`, `same-person`, `expired`, `changed-since-seen`,
 * `already-denied` or `already-approved`.
 */
export async function approvalFrom(
  services: TableServices,
  found: FoundPlan,
  stage: StageName,
  decision: Approval["decision"],
  word: PersonsWord,
): Promise<Approval> {
  const { partition, stored } = found;
  const now = services.clock.now();
  await refuseCalledOff(services, found);
  const expiresAt = waitsUntil(services, found, stage, now);
  const isOwn = samePerson(word.by, stored.plan.requestedBy);
  const alone = isOwn && decision === "approve" && isAloneAtNight(services, stage, word, now);
  if (isOwn && !alone) throw ownRequest(services, stage, word);
  const { by, reason, group = null } = word;
  const touches = shownTouches(partition, stored, stage);
  if (decision === "approve") refuseUnseen(found, stage, word);
  const known = await decisionOn(services, partition, stored, stage);
  // one denial ends it, whatever is said after it: the writer has not followed it yet, and will
  if (known.state === "denied") {
    throw new TerminalError(`${known.by} has denied it: ${known.reason}`, { code: "already-denied" });
  }
  if (decision === "approve") refuseSecondWord(services, found, stage, known, { by, group, touches });
  const { hash: planHash, plan } = stored;
  return { planId: plan.id, stage, planHash, decision, by, reason, touches, at: isoAt(now), expiresAt, group, alone };
}

/** The writer has not followed it yet, and will before it does anything else. */
async function refuseCalledOff({ signer }: TableServices, { partition, stored }: FoundPlan): Promise<void> {
  const off = await cancellationOf(signer, partition, stored);
  if (off === null) return;
  throw new TerminalError(`the plan is called off: ${sayCancelled(off)}`, { code: "called-off" });
}

/** ISO 8601 UTC. */
function waitsUntil(
  { policy }: TableServices,
  { partition, stored }: FoundPlan,
  stage: StageName,
  now: number,
): string {
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
  if (row.expiresAt !== null && Date.parse(row.expiresAt) <= now) {
    throw new TerminalError(`the time to decide it ended at ${row.expiresAt}`, { code: "expired" });
  }
  return row.expiresAt ?? isoAt(now + patienceOf(policy, stage).expiresHours * 3600_000);
}

function isAloneAtNight(
  { policy }: TableServices,
  stage: StageName,
  { roles = [] }: PersonsWord,
  now: number,
): boolean {
  return hasRole({ roles }, "Tourniquet.Admin") && mayBeAlone(policy, stage, now);
}

function ownRequest({ policy: { approvals } }: TableServices, stage: StageName, { by }: PersonsWord): TerminalError {
  const { alone } = approvals;
  const night =
    alone === undefined || stage !== "contain"
      ? ""
      : `, or an administrator at night (${alone.from} to ${alone.to}, ${alone.timeZone})`;
  return new TerminalError(`${by} asked for this plan and cannot approve it; somebody else must${night}`, {
    code: "same-person",
  });
}

/** Between the look and the word something may have come that would go as well. */
function refuseUnseen({ partition, stored }: FoundPlan, stage: StageName, { seen }: PersonsWord): void {
  if (seen === undefined || seen === seenOf(partition, stored, stage)) return;
  const message = `what the ${stage} stage of plan ${stored.plan.id} would send has changed since you looked; look again, and decide on what it says`;
  throw new TerminalError(message, { code: "changed-since-seen" });
}

/**
 * Who approved already is not counted twice, and should not believe so. Their word may be said anew where it would say more: about
 * what was not shown before, or given for one plan after a long list.
 */
function refuseSecondWord(
  services: TableServices,
  { partition, stored }: FoundPlan,
  stage: StageName,
  decision: Decision,
  word: Pick<Approval, "by" | "group" | "touches">,
): void {
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
