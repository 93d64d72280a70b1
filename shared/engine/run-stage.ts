/**
 * One wake-up of one stage: whatever its state calls for now. Everything it learns lies in the partition, so a crash at any
 * point, or a second delivery, meets what the first one did.
 */
import type { DueMessage } from "../domain/due.ts";
import { type IdentityKey, type IdentityRef, tenantOf } from "../domain/identity.ts";
import { hasEnded } from "../domain/plan.ts";
import { disables } from "../guardrails/guardrail.ts";
import { isoAt } from "../ports/clock.ts";
import { type Decision, decisionOn } from "./approval-state.ts";
import { judge } from "./judge.ts";
import { askEvidence, type EarlyReads, type JudgedStage, judgeStage, readEarly } from "./judge-stage.ts";
import { isLockedByOther, lockedUntil } from "./ledger.ts";
import { loadPartition } from "./partition.ts";
import { readPlan, stageRow, stagesOf } from "./plans.ts";
import { contradicts } from "./read-facts.ts";
import { giveBack, reserve } from "./reserve.ts";
import { runSteps } from "./run-steps.ts";
import { currentStage, done, endedNow, lookAgain, moveStage, type Next, type StageContext } from "./stage-context.ts";
import { askPerson, blockStage, deferStage, observeStage, retryFacts, stuckStage } from "./stage-outcomes.ts";
import { verifyStage } from "./verify-stage.ts";
import type { Writer } from "./writer.ts";

type StageMessage = Extract<DueMessage, { kind: "stage" }>;

/** Attempts are counted before work starts and forgotten after an orderly end: only crashes add up. */
const attemptsBeforeStuck = 5;

export async function runStage(writer: Writer, message: StageMessage, stopAt: number): Promise<Next> {
  const { services } = writer;
  const early = message.verifies ? null : readEarly(writer, refOf(message.identity));
  early?.catch(() => undefined);
  const partition = await loadPartition(services.stores.identities, message.identity);
  const stored = await readPlan(partition, message.planId, services.signer);
  if (stored === null) return done;
  if (stored === "altered") return reportAltered(writer, message);
  const context: StageContext = { writer, partition, stored, stage: message.stage, stopAt };
  return { ...(await advance(context, () => early ?? readEarly(writer, refOf(message.identity)))), partition };
}

/** What the stage's state calls for now. */
async function advance(context: StageContext, early: () => Promise<EarlyReads>): Promise<Next> {
  const { status, attempts } = currentStage(context);
  if (status === "done") return verifyStage(context);
  if (hasEnded(status)) return done;
  const gate = await gateOf(context);
  if (gate !== null) return gate;
  if (attempts >= attemptsBeforeStuck) return stuckStage(context);
  return decide(context, early());
}

/** What the key itself says: Graph is asked by it while the rows are loaded. */
function refOf(key: IdentityKey): IdentityRef {
  const tenantId = tenantOf(key);
  const id = key.slice(tenantId.length + 1);
  const isPrincipal = id.startsWith("sp:");
  return {
    tenantId,
    appId: isPrincipal ? null : id,
    servicePrincipalId: isPrincipal ? id.slice(3) : null,
    applicationObjectId: null,
  };
}

/** A plan we did not sign is nobody's order. Its row stays for the investigation, its wake-up goes. */
function reportAltered(writer: Writer, message: StageMessage): Next {
  writer.services.logger.error("A plan's signature does not hold; it was not run", {
    planId: message.planId,
    identity: message.identity,
  });
  return done;
}

/** Not yet, or not any more: null when the stage may be decided now. */
async function gateOf(context: StageContext): Promise<Next | null> {
  const { writer, partition, stored, stage } = context;
  const now = writer.services.clock.now();
  const startsAt = Date.parse(stored.plan.notBefore);
  if (startsAt > now) return { wakeAt: startsAt };
  const before = stagesOf(stored.plan)
    .slice(0, stagesOf(stored.plan).indexOf(stage))
    .map((name) => stageRow(partition, stored.plan.id, name).status);
  if (before.some((status) => !hasEnded(status))) return done;
  if (before.some((status) => status !== "done"))
    return cancel(context, `the stage before it ended as ${before.join(", ")}`);
  if (isLockedByOther(partition, writer.services.instance, now)) return { wakeAt: lockedUntil(partition) };
  return null;
}

async function cancel(context: StageContext, reason: string): Promise<Next> {
  const moved = await moveStage(
    context,
    { status: "cancelled", reasons: [reason], ...endedNow(context) },
    { event: "stage.cancelled", about: [], message: `The ${context.stage} stage was cancelled: ${reason}` },
  );
  return moved ? done : lookAgain(context);
}

async function decide(context: StageContext, reading: Promise<EarlyReads>): Promise<Next> {
  const asked = askEvidence(context);
  const early = await reading;
  const { facts } = early;
  const mismatch = contradicts(context.stored.plan.identity, facts);
  if (mismatch !== null) return blockStage(context, [`identity: ${mismatch}`]);
  if (facts.retryAfterMs !== null) return retryFacts(context, facts);
  const decision = await decisionOn(context.writer.services, context.partition, context.stored, context.stage);
  if (decision.state === "denied") return cancel(context, `${decision.by} denied it: ${decision.reason}`);
  const judged = await withReservation(context, await judgeStage(context, early, asked), decision);
  return act(context, judged, decision, facts);
}

/** Only what would run without a person reserves a place in the blast radius. */
async function withReservation(context: StageContext, judged: JudgedStage, decision: Decision): Promise<JudgedStage> {
  if (judged.judgement.verdict !== "pass" || decision.state === "approved" || !disables(judged.subject)) return judged;
  const subject = { ...judged.subject, reservation: await reserve(context, judged.subject) };
  return { subject, judgement: judge(subject) };
}

async function act(
  context: StageContext,
  { subject, judgement }: JudgedStage,
  decision: Decision,
  facts: EarlyReads["facts"],
): Promise<Next> {
  switch (judgement.verdict) {
    case "refuse":
      return blockStage(context, judgement.reasons);
    case "defer":
      if (decision.state === "approved" && judgement.askable && !judgement.standsBy) break;
      return deferStage(context, judgement, decision, facts);
    case "observe":
      return observeStage(context, judgement.reasons, facts);
    case "ask":
      if (decision.state === "approved") break;
      return askPerson(context, judgement.reasons, decision, facts);
    case "pass":
      break;
  }
  const decidedBy = decision.state === "approved" ? `${decision.by} (approved at ${decision.at})` : "rule";
  const next = await runSteps(context, { facts, decidedBy, startedAt: isoAt(subject.now) });
  if (subject.reservation?.reserved === true && wroteNothing(context)) await giveBack(context);
  return next;
}

function wroteNothing(context: StageContext): boolean {
  const { status, verification } = currentStage(context);
  return hasEnded(status) && verification === null;
}
