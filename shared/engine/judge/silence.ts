/** What nobody answered in time: whether silence may contain here, as far as the stage's own state says. The guardrails say the rest. */
import { patienceOf } from "../../domain/policy.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { subjectOf } from "./settle-stage.ts";
import { currentStage, type StageContext, type StageNotice } from "./stage-context.ts";

const mark = "silence: ";

/** Epoch ms at which the question that waits counts as unanswered; null: none waits. */
function unansweredAt(context: StageContext): number | null {
  const { status, askedAt } = currentStage(context);
  if (status !== "waiting" || askedAt === null) return null;
  return Date.parse(askedAt) + patienceOf(context.writer.services.policy, context.stage).expiresHours * 3600_000;
}

/** The time is over, or it was and the stage began by that: a pause between two steps asks nobody again. */
export function isSilent(context: StageContext): boolean {
  const { clock, policy } = context.writer.services;
  if (context.stage !== "contain" || patienceOf(policy, context.stage).onSilence !== "contain") return false;
  const { status, decidedBy } = currentStage(context);
  if (status === "running") return decidedBy?.startsWith(mark) === true;
  const over = unansweredAt(context);
  return over !== null && clock.now() >= over;
}

/** As the stage keeps who decided. */
export function decidedBySilence(context: StageContext): string {
  const { decidedBy } = currentStage(context);
  if (decidedBy?.startsWith(mark) === true) return decidedBy;
  const over = isoAt(unansweredAt(context) ?? context.writer.services.clock.now());
  return `${mark}nobody decided until ${over}, and approvals.contain.onSilence says contain`;
}

/** Was it no person who decided? */
export function isByRule(decidedBy: string): boolean {
  return decidedBy === "rule" || decidedBy.startsWith(mark);
}

/** What silence did, said as it begins; null: that was said already. */
export function silenceNotice(context: StageContext, facts: Facts): StageNotice | null {
  if (currentStage(context).status !== "waiting") return null;
  return {
    event: "stage.contained-on-silence",
    about: [],
    severity: "critical",
    urgency: "page",
    message: `Nobody decided in time, and losing the tenant is worse than losing one application: contain ${subjectOf(context, facts)}; ${decidedBySilence(context)}`,
    data: { stage: context.stage, asked: currentStage(context).reasons },
  };
}
