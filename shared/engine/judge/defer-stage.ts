/** A stage of which something is not known yet: looked at again, and when that stays so, a person is asked, or nobody may. */
import type { Facts } from "../snapshot/read-facts.ts";
import type { Decision } from "./approval-state.ts";
import { askPerson } from "./ask-person.ts";
import type { Judgement } from "./judge.ts";
import { settle, subjectOf } from "./settle-stage.ts";
import { currentStage, lookAgain, type Next, type StageContext, type StageNotice } from "./stage-context.ts";
import { blockStage, observeStage } from "./stage-outcomes.ts";

const shortestWaitMs = 60_000;

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

/** It is not the time: looked at again when it is, and nobody is asked. That uses up no look. */
export async function waitStage(context: StageContext, { reasons, until }: Judgement): Promise<Next> {
  const { clock } = context.writer.services;
  const { status, reasons: before } = currentStage(context);
  const wakeAt = Math.max(until ?? 0, clock.now() + shortestWaitMs);
  if (status === "deferred" && before.join() === reasons.join()) return { wakeAt };
  const moved = await settle(
    context,
    { status: "deferred", reasons: [...reasons] },
    { status: "deferred", reason: reasons.join("; "), facts: null },
    null,
  );
  return moved ? { wakeAt } : lookAgain(context);
}
