/**
 * One wake-up of one stage: whatever its state calls for now. Everything it learns lies in the partition, so a crash at any
 * point, or a second delivery, meets what the first one did.
 */
import type { DueMessage } from "../domain/due.ts";
import { refOfKey } from "../domain/identity.ts";
import { hasEnded } from "../domain/plan.ts";
import { disables } from "../guardrails/guardrail.ts";
import { isoAt } from "../ports/clock.ts";
import { type Decision, decisionOn } from "./approval-state.ts";
import { fileElsewhere } from "./file-elsewhere.ts";
import { judge } from "./judge.ts";
import { askEvidence, type EarlyReads, type JudgedStage, judgeStage, readEarly } from "./judge-stage.ts";
import { isLockedByOther, lockedUntil } from "./ledger.ts";
import { nameOf, tell } from "./notices.ts";
import { Draft, loadPartition, type Partition } from "./partition.ts";
import { readPlan, stageRow, stagesOf, stepRow, stepsOf } from "./plans.ts";
import { prepareStep } from "./prepare-step.ts";
import { contradicts } from "./read-facts.ts";
import { giveBack, reserve } from "./reserve.ts";
import { isFinal, runSteps } from "./run-steps.ts";
import { currentStage, done, endedNow, lookAgain, moveStage, type Next, type StageContext } from "./stage-context.ts";
import { askPerson, blockStage, deferStage, observeStage, retryFacts, stuckStage } from "./stage-outcomes.ts";
import { verifyStage } from "./verify-stage.ts";
import type { Writer } from "./writer.ts";

type StageMessage = Extract<DueMessage, { kind: "stage" }>;

/** Attempts are counted before work starts and forgotten after an orderly end: only crashes add up. */
const attemptsBeforeStuck = 5;

export async function runStage(writer: Writer, message: StageMessage, stopAt: number): Promise<Next> {
  const { services } = writer;
  const readNow = () => readEarly(writer, refOfKey(message.identity), message.stage);
  const early = message.verifies ? null : readNow();
  early?.catch(() => undefined);
  const partition = await loadPartition(services.stores.identities, message.identity);
  const stored = await readPlan(partition, message.planId, services.signer);
  if (stored === null) return done;
  if (stored === "altered") return reportAltered(writer, message, partition);
  const context: StageContext = { writer, partition, stored, stage: message.stage, stopAt };
  return { ...(await advance(context, () => early ?? readNow())), partition };
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

/** A plan we did not sign is nobody's order. Its row stays for the investigation, its wake-up goes, and a person is told. */
async function reportAltered(
  writer: Writer,
  { planId, identity, stage }: StageMessage,
  partition: Partition,
): Promise<Next> {
  const { clock, logger, stores } = writer.services;
  logger.error("A plan's signature does not hold; it was not run", { planId, identity });
  const draft = new Draft(partition);
  const ref = refOfKey(identity);
  tell(
    draft,
    {
      event: "plan.altered",
      about: [planId, stage],
      severity: "critical",
      urgency: "page",
      identity: ref,
      planId,
      message: `The row of plan ${planId} was altered after it was signed; it will not run, and somebody has write access to our tables: ${nameOf(ref, null)}`,
    },
    clock.now(),
  );
  return (await draft.commit(stores.identities)) ? { ...done, partition } : { wakeAt: clock.now() + 1_000 };
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

async function blockMismatch(context: StageContext, mismatch: string): Promise<Next> {
  const elsewhere = await fileElsewhere(context);
  if (elsewhere === "unreadable") return lookAgain(context, 5_000);
  const reason = elsewhere === null ? mismatch : `${mismatch}; filed again under ${elsewhere}`;
  return blockStage(context, [`identity: ${reason}`]);
}

async function decide(context: StageContext, reading: Promise<EarlyReads>): Promise<Next> {
  const asked = askEvidence(context);
  const early = await reading;
  const { facts } = early;
  const mismatches = asked.findings.map((finding) => contradicts(finding.subject, facts));
  const [mismatch] = mismatches;
  if (mismatch && !mismatches.includes(null)) return blockMismatch(context, mismatch);
  if (facts.retryAfterMs !== null) return retryFacts(context, facts);
  const { decidedBy } = currentStage(context);
  if (await wasDone(context, facts)) {
    return runSteps(context, { facts, decidedBy: decidedBy ?? "rule", startedAt: isoAt(facts.readAt) });
  }
  const decision = await decisionOn(context.writer.services, context.partition, context.stored, context.stage);
  if (decision.state === "denied") return cancel(context, `${decision.by} denied it: ${decision.reason}`);
  const judged = await withReservation(context, await judgeStage(context, early, asked), decision);
  return act(context, judged, decision, facts);
}

/** Begun and, as it turns out, done: only the answer was lost. It is written down, and nothing is left to be judged. */
async function wasDone(context: StageContext, facts: EarlyReads["facts"]): Promise<boolean> {
  const { stored, partition, stage } = context;
  if (currentStage(context).status !== "running") return false;
  for (const { index, step } of stepsOf(stored.plan, stage)) {
    const row = stepRow(partition, stored.plan.id, index);
    if (isFinal(row)) continue;
    if (row.intendedAt === null || (await prepareStep(context, facts, step)).state !== "in-place") return false;
  }
  return true;
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
  const { partition, stored, stage } = context;
  const wrote = stepsOf(stored.plan, stage).some(
    ({ index }) => stepRow(partition, stored.plan.id, index).outcome?.status === "applied",
  );
  return hasEnded(currentStage(context).status) && !wrote;
}
