/** What becomes of a stage that may be decided now: the guardrails' answer, a person's, and the move that follows. */
import { hasEnded } from "../../domain/plan.ts";
import { isBySilence } from "../../guardrails/by-silence.ts";
import { disables, type GuardrailSubject } from "../../guardrails/guardrail.ts";
import { isoAt } from "../../ports/clock.ts";
import { tellBurst } from "../incident/actor-burst.ts";
import { fileElsewhere } from "../incident/file-elsewhere.ts";
import { asItBegan } from "../incident/known-kind.ts";
import { refitStage } from "../incident/refit-stage.ts";
import { isFinal, stepRow, stepsOf } from "../rows/plans.ts";
import { settleLostAnswers } from "../run/lost-answers.ts";
import { runSteps } from "../run/run-steps.ts";
import { completeFacts } from "../snapshot/complete-facts.ts";
import { contradicts, type Facts } from "../snapshot/read-facts.ts";
import { reserveRetiring, retireActOf } from "../unused/begin/retire-caps.ts";
import { type Decision, decisionOn, type Given, peopleNeeded, touchesOf } from "./approval-state.ts";
import { askPerson } from "./ask-person.ts";
import { deferStage, waitStage } from "./defer-stage.ts";
import { withoutDrift } from "./drift.ts";
import { isHeldByBlastRadius } from "./group-waits.ts";
import { endInUse, whyInUse } from "./in-use.ts";
import { type Judgement, judge } from "./judge.ts";
import { askEvidence, type EarlyReads, type JudgedStage, judgeStage } from "./judge-stage.ts";
import { endNothingLeft, isNothingLeft } from "./nothing-left.ts";
import { giveBack, reserve } from "./reserve.ts";
import { decidedBySilence, silenceNotice } from "./silence.ts";
import { cancelStage, currentStage, lookAgain, type Next, type StageContext } from "./stage-context.ts";
import { blockStage, endStage, observeStage } from "./stage-outcomes.ts";
import { retryFacts } from "./stage-trouble.ts";
import { endedByPerson } from "./told-otherwise.ts";

export async function decideStage(context: StageContext, reading: Promise<EarlyReads>): Promise<Next> {
  const { services } = context.writer;
  const asked = askEvidence(context);
  const read = await reading;
  const early = { ...read, facts: asItBegan(context, read.facts) };
  const mismatches = asked.findings.map((finding) => contradicts(finding.subject, early.facts));
  const [mismatch] = mismatches;
  if (mismatch && !mismatches.includes(null)) return blockMismatch(context, mismatch);
  if (early.facts.retryAfterMs !== null) return retryFacts(context, early.facts);
  const refit = await refitStage(context, early.facts);
  if (refit !== null) return refit;
  const facts = await factsFor(context, early.facts);
  const lost = await settleLostAnswers(context, facts);
  if (lost === "conflict") return lookAgain(context);
  if (lost === "all-done") return runSteps(context, { facts, ...resumed(context, facts) });
  const signed = await decisionOn(services, context.partition, context.stored, context.stage);
  if (signed.state === "denied") return cancelStage(context, `${signed.by} denied it: ${signed.reason}`);
  const ended = signed.state === "approved" ? await endedByPerson(context) : null;
  if (ended !== null) return endEdited(context, ended);
  const decision = await withoutDrift(context, facts, signed);
  const first = await judgeStage(context, { ...early, facts }, asked);
  const inUse = whyInUse(first.subject);
  if (inUse !== null) return endInUse(context, inUse);
  const judged = await withReservation(context, first, decision);
  await tellOfMany(context, judged);
  return act(context, judged, decision, facts);
}

/** Somebody took a person's word away, so that another's would count. */
function endEdited(context: StageContext, ended: string): Promise<Next> {
  const reasons = [`${ended}: somebody has write access to our tables`];
  const loud = { event: "decision.altered", severity: "critical", urgency: "page" } as const;
  return endStage(context, { status: "cancelled", reasons }, loud);
}

/** What concerns more plans than this one is told once, for all of them. */
async function tellOfMany({ writer }: StageContext, { subject, judgement }: JudgedStage): Promise<void> {
  const { burst, findings } = subject;
  const cause = findings.find(({ finding }) => finding.actorId === burst?.actorId)?.finding;
  if (burst !== null && cause !== undefined) await tellBurst(writer, burst, cause);
  if (isHeldByBlastRadius(judgement.reasons)) await writer.groupWaits();
}

async function blockMismatch(context: StageContext, mismatch: string): Promise<Next> {
  const elsewhere = await fileElsewhere(context);
  if (elsewhere === "unreadable") return lookAgain(context, 5_000);
  const reason = elsewhere === null ? mismatch : `${mismatch}; filed again under ${elsewhere}`;
  return blockStage(context, [`identity: ${reason}`]);
}

/** Contain acts on the one snapshot; what cannot be taken back is looked at whole before anybody is asked. */
async function factsFor(context: StageContext, facts: Facts): Promise<Facts> {
  if (context.stage === "contain") return facts;
  const { partition, stored, stage, writer } = context;
  // what has its outcome is not looked at again, each time that a long stage goes on
  const open = stepsOf(stored.plan, stage).filter(({ index }) => !isFinal(stepRow(partition, stored.plan.id, index)));
  const steps = open.map(({ step }) => step);
  return completeFacts(writer.services, facts, steps);
}

/** Nothing is left to be sent: only the answers were lost, so there is nothing to judge or to approve. */
function resumed(context: StageContext, facts: Facts) {
  const { decidedBy } = currentStage(context);
  return { decidedBy: decidedBy ?? "rule", startedAt: isoAt(facts.readAt), approved: null };
}

type Approved = Extract<Decision, { state: "approved" }>;

/** As many different people approved as it takes. */
function isEnough(decision: Decision, { people }: Judgement, { policy }: GuardrailSubject): decision is Approved {
  return decision.state === "approved" && decision.given.length >= peopleNeeded(decision, people, policy);
}

/** Only what would run without a person reserves a place: in the blast radius, or in the caps of what retires. */
async function withReservation(context: StageContext, judged: JudgedStage, decision: Decision): Promise<JudgedStage> {
  if (
    judged.judgement.verdict !== "pass" ||
    isEnough(decision, judged.judgement, judged.subject) ||
    !takesPlace(judged.subject)
  ) {
    return judged;
  }
  const isRetiring = context.stage === "retire";
  const reservation = await (isRetiring ? reserveRetiring(context, judged.subject) : reserve(context, judged.subject));
  const subject = { ...judged.subject, reservation };
  return { subject, judgement: judge(subject) };
}

function takesPlace(subject: GuardrailSubject): boolean {
  return subject.stage === "retire" ? retireActOf(subject) !== null : disables(subject);
}

/** The move, and then: a place that was held and not used is given back. */
async function act(context: StageContext, judged: JudgedStage, decision: Decision, facts: Facts): Promise<Next> {
  const mayHold = judged.subject.reservation?.reserved === true || currentStage(context).status === "running";
  const next = await move(context, judged, decision, facts);
  if (mayHold && takesPlace(judged.subject) && isUnused(context)) await giveBack(context);
  return next;
}

async function move(
  context: StageContext,
  { subject, judgement }: JudgedStage,
  decision: Decision,
  facts: Facts,
): Promise<Next> {
  const isApproved = isEnough(decision, judgement, subject);
  switch (judgement.verdict) {
    case "refuse":
      return blockStage(context, judgement.reasons);
    case "defer":
      if (isApproved && judgement.askable && !judgement.standsBy) break;
      return deferStage(context, judgement, decision, facts);
    case "observe":
      return observeStage(context, judgement.reasons, facts);
    case "ask":
      if (isApproved) break;
      if (isNothingLeft(context, facts)) return endNothingLeft(context, facts);
      return askPerson(context, judgement, decision, facts);
    case "wait":
      if (isApproved) break;
      return waitStage(context, judgement);
    case "pass":
      break;
  }
  const startedAt = isoAt(subject.now);
  if (isApproved) {
    const decidedBy = decision.given.map(sayGiven).join(" and ");
    const alone = decision.given.some((given) => given.alone);
    const approved = context.stage === "contain" ? null : touchesOf(decision.given);
    return runSteps(context, { facts, decidedBy, startedAt, approved, alone });
  }
  if (!isBySilence(subject)) return runSteps(context, { facts, decidedBy: "rule", startedAt, approved: null });
  const notice = silenceNotice(context, facts);
  return runSteps(context, { facts, decidedBy: decidedBySilence(context), startedAt, approved: null, notice });
}

function sayGiven({ by, at, alone }: Given): string {
  return alone ? `${by} (approved at ${at}, ALONE: asked for by the same person)` : `${by} (approved at ${at})`;
}

/** Not running (any more), and nothing was or may have been written. */
function isUnused(context: StageContext): boolean {
  const { partition, stored, stage } = context;
  const { status } = currentStage(context);
  const rows = stepsOf(stored.plan, stage).map(({ index }) => stepRow(partition, stored.plan.id, index));
  const mayHaveWritten = rows.some(
    ({ intendedAt, outcome }) => outcome?.status === "applied" || (intendedAt !== null && outcome === null),
  );
  return status !== "running" && !mayHaveWritten && (hasEnded(status) || rows.every((row) => row.intendedAt === null));
}
