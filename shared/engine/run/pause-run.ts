/** An orderly stop of a run: what was done is written, the lock goes, and the attempt is not held against the plan. */

import {
  currentStage,
  lookAgain,
  type Next,
  putStage,
  type StageContext,
  tellOfStage,
} from "../judge/stage-context.ts";
import { releaseLock } from "../rows/ledger.ts";
import { nameOf } from "../rows/notices.ts";
import { Draft } from "../rows/partition.ts";
import { cancelRest } from "../undo/take-back.ts";

/** Why a run stops before its end: another writer, the time is up, or Graph says later. */
export interface Pause {
  readonly wakeAfterMs: number;
  readonly reason: string;
  /** rows may have changed under us: commit nothing more */
  readonly lost?: true;
  /** it holds that step alone: the others go on */
  readonly alone?: true;
  /** nothing is amiss: our own change is not visible yet, or the batch is over */
  readonly expected?: true;
}

/** Of two pauses of one run: the sooner wake-up, and the reason that a person should hear. */
export function both(one: Pause | null, other: Pause): Pause {
  if (one === null) return other;
  const told = one.expected === true ? other : one;
  return { ...told, wakeAfterMs: Math.min(one.wakeAfterMs, other.wakeAfterMs) };
}

/** A refusal that never ends is retried for ever, and not in silence. */
const toldEvery = 20;

/** `toldBefore`: the reasons that stood when the run began. */
export async function pauseRun(
  context: StageContext,
  draft: Draft,
  pause: Pause,
  toldBefore: readonly string[],
): Promise<Next> {
  const { services } = context.writer;
  const { wakeAfterMs, reason } = pause;
  const retries = currentStage(context).retries + 1;
  putStage(context, draft, { status: "running", attempts: 0, retries, reasons: [reason] });
  const isUndo = context.stage === "undo";
  // slow undo is why people switch such tools off: that it does not go is told at once, and again when the reason changes
  const isNews = isUndo && pause.expected !== true && !toldBefore.includes(reason);
  if (isNews || retries % toldEvery === 0) {
    const { plan } = context.stored;
    const tries = isUndo ? "" : ` after ${retries} tries`;
    const asked = isUndo ? `, as ${plan.requestedBy} asked` : "";
    tellOfStage(context, draft, {
      event: isUndo ? "undo.paused" : "stage.paused",
      about: [String(retries)],
      severity: "high",
      urgency: "page",
      message: `The ${context.stage} stage${asked} does not get on${tries}, and is tried again: ${nameOf(plan.identity, null)}: ${reason}`,
      data: { stage: context.stage, reason, retries },
    });
  }
  releaseLock(draft);
  const written = await draft.commit(services.stores.identities);
  services.logger.info("A stage was paused and goes on later", { planId: context.stored.plan.id, reason, written });
  return lookAgain(context, wakeAfterMs);
}

/** Before anything of an undo was done; what it takes back goes no further all the same. */
export async function pauseBefore(context: StageContext, pause: Pause): Promise<Next> {
  const draft = new Draft(context.partition);
  await cancelRest(context, draft);
  return pauseRun(context, draft, pause, currentStage(context).reasons);
}
