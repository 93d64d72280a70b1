/** How a stage ends or waits without a write: each is one commit that says why, and tells a person as loudly as a success. */
import { patienceOf } from "../../domain/policy.ts";
import { isoAt } from "../../ports/clock.ts";
import { type Related, relatedIncidents, sayRelated } from "../incident/links.ts";
import { proposedIn, sayProposed } from "../people/card.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { type Decision, peopleNeeded } from "./approval-state.ts";
import { isHeldByBlastRadius } from "./group-waits.ts";
import type { Judgement } from "./judge.ts";
import { lastWrite, settle, subjectOf } from "./settle-stage.ts";
import {
  currentStage,
  done,
  endedNow,
  lookAgain,
  type Next,
  type StageContext,
  type StageNotice,
} from "./stage-context.ts";

const killSwitchLookMs = 60_000;

interface Ending {
  readonly status: "blocked" | "expired" | "failed";
  readonly reasons: readonly string[];
}

/** The end of a stage without (more) writes. What an earlier pass did stays, is said, and is verified all the same. */
export async function endStage(
  context: StageContext,
  { status, reasons }: Ending,
  notice: Pick<StageNotice, "event" | "severity" | "urgency">,
): Promise<Next> {
  const { clock, limits } = context.writer.services;
  const appliedAt = lastWrite(context);
  const reason = reasons.join("; ");
  const verification = { state: "unverified" as const, appliedAt: appliedAt ?? "", reads: [], refusedSignInAt: null };
  const said =
    appliedAt === null ? "Nothing was written to" : `A part was done at ${appliedAt} and no more is written to`;
  const moved = await settle(
    context,
    { status, reasons: [...reasons], ...endedNow(context), ...(appliedAt === null ? {} : { verification }) },
    { status, reason, facts: null },
    {
      ...notice,
      about: [],
      message: `${said} ${subjectOf(context, null)}: ${reason}`,
      data: { stage: context.stage, reasons },
    },
  );
  if (!moved) return lookAgain(context);
  return appliedAt === null ? done : { wakeAt: clock.now() + (limits.verifyAfterMs[0] ?? 0), verifies: true };
}

/** A guardrail refuses: nobody may, so nothing waits. */
export function blockStage(context: StageContext, reasons: readonly string[]): Promise<Next> {
  // ids that Graph contradicts are somebody's mistake or somebody's trick: the true victim may be another
  const urgency = reasons.some((one) => one.startsWith("identity:")) ? "page" : "chat";
  return endStage(context, { status: "blocked", reasons }, { event: "stage.blocked", severity: "medium", urgency });
}

/** Looked at again at 30 s, 2, 5, 15, 30 min; what stays unknown goes to a person, or nowhere. */
export async function deferStage(
  context: StageContext,
  judgement: Judgement,
  decision: Decision,
  facts: Facts,
): Promise<Next> {
  const { clock, limits } = context.writer.services;
  const { deferrals } = currentStage(context);
  const waitMs = limits.deferMs[deferrals];
  if (waitMs === undefined) {
    if (judgement.standsBy) return observeStage(context, judgement.reasons, facts);
    return judgement.askable
      ? askPerson(context, judgement, decision, facts)
      : blockStage(context, [...judgement.reasons, `it stayed so for ${deferrals} looks`]);
  }
  const reason = judgement.reasons.join("; ");
  const notice: StageNotice = {
    event: "stage.deferred",
    about: [],
    message: `Looked at again later: ${subjectOf(context, facts)}: ${reason}`,
    data: { stage: context.stage, reasons: judgement.reasons },
  };
  const moved = await settle(
    context,
    { status: "deferred", reasons: [...judgement.reasons], deferrals: deferrals + 1 },
    { status: "deferred", reason, facts: null },
    deferrals === 0 ? notice : null,
  );
  return moved ? { wakeAt: clock.now() + waitMs } : lookAgain(context);
}

/** Observe mode, or the kill switch: recorded as what would be done; more evidence, or the switch, wakes it again. */
export async function observeStage(context: StageContext, reasons: readonly string[], facts: Facts): Promise<Next> {
  const { clock, policy } = context.writer.services;
  const { status, reasons: before, askedAt } = currentStage(context);
  const now = clock.now();
  const since = status === "observed" ? Date.parse(askedAt ?? isoAt(now)) : now;
  if (now - since >= policy.incident.quietHours * 3600_000)
    return expireStage(context, "observed, and nothing came that permits more");
  const isStopped = reasons.some((reason) => reason.startsWith("kill-switch"));
  const wakeAt = isStopped ? now + killSwitchLookMs : since + policy.incident.quietHours * 3600_000;
  if (status === "observed" && before.join() === reasons.join()) return { wakeAt };
  const reason = reasons.join("; ");
  const moved = await settle(
    context,
    { status: "observed", reasons: [...reasons], askedAt: isoAt(since), mode: "observe" },
    { status: "would-apply", reason, facts },
    {
      event: "stage.observed",
      about: [hashOf(reasons)],
      message: `Would act on ${subjectOf(context, facts)}, and did not: ${reason}`,
      data: { stage: context.stage, reasons },
    },
  );
  return moved ? { wakeAt } : lookAgain(context);
}

function hashOf(reasons: readonly string[]): string {
  return [...reasons].sort().join("|");
}

/** Waits for a person, or for two; reminds; and when nobody answered, says so. */
export async function askPerson(
  context: StageContext,
  judgement: Judgement,
  decision: Decision,
  facts: Facts,
): Promise<Next> {
  const { clock, limits, policy } = context.writer.services;
  const now = clock.now();
  const row = currentStage(context);
  const { expiresHours, remindMinutes } = patienceOf(policy, context.stage);
  const askedAt = row.status === "waiting" && row.askedAt !== null ? Date.parse(row.askedAt) : now;
  const expiresAt = askedAt + expiresHours * 3600_000;
  if (now >= expiresAt) return expireStage(context, `nobody decided within ${expiresHours} hours`);
  const reminders = remindMinutes.map((minutes) => askedAt + minutes * 60_000);
  const told = reminders.filter((at) => at <= now).length;
  const looks = [...reminders, ...looksAfter(askedAt, limits.deferMs), expiresAt].filter((at) => at > now);
  const wakeAt = Math.min(...looks);
  const people = peopleNeeded(decision, judgement.people, policy);
  const words = wordsOn(decision, people);
  const all = [...judgement.reasons, ...words];
  if (row.status === "waiting" && row.reminders === told && row.reasons.join() === all.join()) return { wakeAt };
  const reason = all.join("; ");
  const urgency = urgencyOf(context, judgement.reasons);
  const isLouder = row.status === "waiting" && loudness[urgency] > loudness[urgencyOf(context, row.reasons)];
  const isNews =
    row.status !== "waiting" || row.reminders !== told || isLouder || words.some((why) => !row.reasons.includes(why));
  const whom = people === 2 ? "two people" : "a person";
  const proposed = await proposedIn(context, facts);
  const related = isNews && !isHeldByBlastRadius(judgement.reasons) ? await relatedTo(context) : [];
  const notice: StageNotice = {
    event: "stage.awaiting-approval",
    about: [isoAt(askedAt), String(told), ...words, ...(isLouder ? [urgency] : [])],
    severity: "high",
    urgency,
    message: `${told > 0 ? "Still waits" : "Waits"} for ${whom} until ${isoAt(expiresAt)}: ${context.stage} ${subjectOf(context, facts)}: would ${sayProposed(proposed)}; asked because ${reason}${related.length === 0 ? "" : `; related: ${sayRelated(related)}`}`,
    data: {
      stage: context.stage,
      proposed,
      reasons: all,
      expiresAt: isoAt(expiresAt),
      reminder: told,
      people,
      approvedBy: approversOf(decision),
      related,
    },
  };
  const moved = await settle(
    context,
    {
      status: "waiting",
      reasons: all,
      askedAt: isoAt(askedAt),
      expiresAt: isoAt(expiresAt),
      mode: "approve",
      reminders: told,
      people,
    },
    { status: "awaiting-approval", reason, facts },
    isNews ? notice : null,
  );
  return moved ? { wakeAt } : lookAgain(context);
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
function urgencyOf({ stage }: StageContext, reasons: readonly string[]): keyof typeof loudness {
  if (isHeldByBlastRadius(reasons)) return "digest";
  if (reasons.some((reason) => reason.startsWith("not-borne-out:"))) return "chat";
  return stage === "contain" ? "page" : "chat";
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

function expireStage(context: StageContext, reason: string): Promise<Next> {
  const ending = { status: "expired", reasons: [reason] } as const;
  return endStage(context, ending, { event: "stage.expired", severity: "medium", urgency: "chat" });
}
