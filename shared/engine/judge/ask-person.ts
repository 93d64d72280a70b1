/** A stage waits for people: asks, reminds, escalates once; and when nobody answered, does what the policy says for silence. */
import type { Severity } from "../../domain/finding.ts";
import type { StageName } from "../../domain/plan.ts";
import { patienceOf } from "../../domain/policy.ts";
import { isoAt } from "../../ports/clock.ts";
import { type Related, relatedIncidents, sayRelated } from "../incident/links.ts";
import { approvalCard, proposedIn, sayProposed } from "../people/decisions/card.ts";
import type { StageRow } from "../rows/rows.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { type Decision, peopleNeeded } from "./approval-state.ts";
import { isHeldByBlastRadius } from "./group-waits.ts";
import type { Judgement } from "./judge.ts";
import { settle, subjectOf } from "./settle-stage.ts";
import { currentStage, lookAgain, type Next, type StageContext, type StageNotice } from "./stage-context.ts";
import { endStage } from "./stage-outcomes.ts";

/** One question from asking to silence: where it stands now. */
interface Round {
  readonly askedAt: number;
  readonly expiresAt: number;
  /** reminders that are due by now */
  readonly told: number;
  readonly escalated: boolean;
  readonly wakeAt: number;
  /** nobody answered the one before */
  readonly isAnew: boolean;
}

/** Null: nobody answered, and the policy does not ask again. */
function roundOf({ writer, stage }: StageContext, row: StageRow): Round | null {
  const { clock, limits, policy } = writer.services;
  const now = clock.now();
  const { expiresHours, remindMinutes, escalateMinutes, onSilence } = patienceOf(policy, stage);
  const before = row.status === "waiting" && row.askedAt !== null ? Date.parse(row.askedAt) : null;
  const isOver = before !== null && now >= before + expiresHours * 3600_000;
  if (isOver && onSilence !== "keep-asking") return null;
  const askedAt = before === null || isOver ? now : before;
  const expiresAt = askedAt + expiresHours * 3600_000;
  const reminders = remindMinutes.map((minutes) => askedAt + minutes * 60_000);
  const escalation = escalateMinutes === undefined ? [] : [askedAt + escalateMinutes * 60_000];
  const looks = [...reminders, ...escalation, ...looksAfter(askedAt, limits.deferMs), expiresAt];
  return {
    askedAt,
    expiresAt,
    told: reminders.filter((at) => at <= now).length,
    escalated: escalation.some((at) => at <= now),
    wakeAt: Math.min(...looks.filter((at) => at > now)),
    isAnew: isOver,
  };
}

/** Waits for a person, or for two; reminds; and when nobody answered, says so. */
export async function askPerson(
  context: StageContext,
  judgement: Judgement,
  decision: Decision,
  facts: Facts,
): Promise<Next> {
  const row = currentStage(context);
  const round = roundOf(context, row);
  if (round === null) return expireStage(context, judgement);
  const people = peopleNeeded(decision, judgement.people, context.writer.services.policy);
  const words = wordsOn(decision, people);
  const reasons = [...judgement.reasons, ...words];
  const news = newsIn(context, row, round, judgement.reasons, words);
  if (news === null && row.status === "waiting" && row.reasons.join() === reasons.join())
    return { wakeAt: round.wakeAt };
  const notice = news === null ? null : await noticeOf(context, facts, { round, people, reasons, decision, news });
  const { askedAt, expiresAt, told, escalated } = round;
  const moved = await settle(
    context,
    {
      status: "waiting",
      reasons,
      askedAt: isoAt(askedAt),
      expiresAt: isoAt(expiresAt),
      mode: "approve",
      reminders: told,
      escalated,
      people,
    },
    { status: "awaiting-approval", reason: reasons.join("; "), facts },
    notice,
  );
  return moved ? { wakeAt: round.wakeAt } : lookAgain(context);
}

interface News {
  readonly event: "stage.awaiting-approval" | "stage.escalated";
  readonly urgency: keyof typeof loudness;
  /** what makes the notice another than the one before */
  readonly about: readonly string[];
}

/** Null: people know all that. */
function newsIn(
  context: StageContext,
  row: StageRow,
  { askedAt, told, escalated, isAnew }: Round,
  asked: readonly string[],
  words: readonly string[],
): News | null {
  const isWaiting = row.status === "waiting" && !isAnew;
  const isEscalation = escalated && !(isWaiting && row.escalated);
  const urgency = urgencyOf(context, asked, escalated);
  const isLouder = isWaiting && loudness[urgency] > loudness[urgencyOf(context, row.reasons, row.escalated)];
  const isSaid = isWaiting && row.reminders === told && !isEscalation && !isLouder;
  if (isSaid && words.every((why) => row.reasons.includes(why))) return null;
  return {
    event: isEscalation ? "stage.escalated" : "stage.awaiting-approval",
    urgency,
    about: [isoAt(askedAt), String(told), ...words, ...(isLouder ? [urgency] : [])],
  };
}

interface Question {
  readonly round: Round;
  readonly people: number;
  readonly reasons: readonly string[];
  readonly decision: Decision;
  readonly news: News;
}

async function noticeOf(
  context: StageContext,
  facts: Facts,
  { round, people, reasons, decision, news }: Question,
): Promise<StageNotice> {
  const { stage, writer } = context;
  const proposed = await proposedIn(context, facts);
  const related = isHeldByBlastRadius(reasons) ? [] : await relatedTo(context);
  const { onSilence } = patienceOf(writer.services.policy, stage);
  const until = isoAt(round.expiresAt);
  const whom = people === 2 ? "two people" : "a person";
  const approvedBy = [...approversOf(decision)];
  const asked = { reasons: [...reasons], people, approvedBy, expiresAt: until, onSilence };
  const besides = related.length === 0 ? "" : `; related: ${sayRelated(related)}`;
  return {
    ...news,
    severity: severityOf(stage, news),
    message: `${beginning(round, news)} for ${whom} until ${until}: ${stage} ${subjectOf(context, facts)}: would ${sayProposed(proposed)}; asked because ${reasons.join("; ")}${besides}`,
    data: {
      stage,
      planHash: context.stored.hash,
      proposed,
      reasons,
      askedAt: isoAt(round.askedAt),
      expiresAt: until,
      reminder: round.told,
      escalated: round.escalated,
      onSilence,
      people,
      approvedBy,
      related,
      card: await approvalCard(context, facts, proposed, asked),
    },
  };
}

/** That nobody uses something can wait, and is no attack. */
function severityOf(stage: StageName, { event }: News): Severity {
  if (stage === "retire") return "medium";
  return event === "stage.escalated" ? "critical" : "high";
}

function beginning({ told, isAnew }: Round, { event }: News): string {
  if (event === "stage.escalated") return "ESCALATED, since nobody has decided: still waits";
  if (isAnew) return "Nobody decided in time, so it is asked again: waits";
  return told > 0 ? "Still waits" : "Waits";
}

const relatedShown = 4;

function relatedTo({ writer, partition, stored }: StageContext): Promise<readonly Related[]> {
  return relatedIncidents(writer.services.stores, partition, stored.plan.incidentId, relatedShown);
}

const loudness = { digest: 0, chat: 1, page: 2 } as const;

/**
 * What waits as one of a group is paged as a group. A claim that Graph does not bear out wakes nobody, or forged records would; when
 * Graph bears it out later, that is told louder.
 */
function urgencyOf({ stage }: StageContext, reasons: readonly string[], isEscalated: boolean): keyof typeof loudness {
  if (isHeldByBlastRadius(reasons)) return "digest";
  if (reasons.some((reason) => reason.startsWith("not-borne-out:"))) return "chat";
  return stage === "contain" || isEscalated ? "page" : "chat";
}

function approversOf(decision: Decision): readonly string[] {
  return decision.state === "approved" ? decision.given.map(({ by }) => by) : [];
}

/** What was decided so far, and why it is not enough. */
function wordsOn(decision: Decision, people: number): readonly string[] {
  if (decision.state === "invalid") return [`approval: ${decision.reason}`];
  if (people === 1) return [];
  const by = approversOf(decision);
  const who = by.length === 0 ? "" : ` (${by.join(", ")})`;
  return [`two-people: ${by.length} of ${people} approved${who}, ${people - by.length} missing`];
}

/** What a person is asked about may still answer itself: Graph's own copy of a record can be later than the record. */
function looksAfter(askedAt: number, deferMs: readonly number[]): readonly number[] {
  return deferMs.map((_, i) => askedAt + deferMs.slice(0, i + 1).reduce((sum, ms) => sum + ms, 0));
}

/** Silence contains by itself only what the guardrails let through then; what is still asked about was more than that. */
function expireStage(context: StageContext, { reasons }: Judgement): Promise<Next> {
  const { expiresHours, onSilence } = patienceOf(context.writer.services.policy, context.stage);
  const line = `approvals.${context.stage === "undo" ? "contain" : context.stage}.onSilence`;
  const why =
    onSilence === "contain" && context.stage === "contain"
      ? `${line} does not let silence contain it: ${reasons.join("; ")}`
      : `${line} says that it ends then`;
  const ending = { status: "expired", reasons: [`nobody decided within ${expiresHours} hours; ${why}`] } as const;
  return endStage(context, ending, { event: "stage.expired", severity: "medium", urgency: "chat" });
}
