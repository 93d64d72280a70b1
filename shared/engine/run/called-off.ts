/**
 * A plan that a person called off: what has not begun never will, and what runs ends before its next step. What was sent is looked for
 * first, so that it is known, verified and can be taken back.
 */
import type { Cancellation } from "../../domain/approval.ts";
import { isoAt } from "../../ports/clock.ts";
import { cancellationOf, sayCancelled } from "../judge/cancellation.ts";
import type { EarlyReads } from "../judge/judge-stage.ts";
import { giveBack } from "../judge/reserve.ts";
import { lastWrite } from "../judge/settle-stage.ts";
import { currentStage, lookAgain, type Next, type StageContext } from "../judge/stage-context.ts";
import { endStage } from "../judge/stage-outcomes.ts";
import { retryFacts } from "../judge/stage-trouble.ts";
import { historyMs } from "../rows/expiry.ts";
import { isLockedByOther, lockedUntil } from "../rows/ledger.ts";
import { Draft } from "../rows/partition.ts";
import { type IndexedStep, stepRow, stepsOf } from "../rows/plans.ts";
import { rowKey, type StepRow } from "../rows/rows.ts";
import { settleLostAnswers } from "./lost-answers.ts";

/** What was sent is seen by then, or it never came to pass. */
const lagMs = 120_000;
const lookMs = 10_000;

/** Null: nobody called it off, or nothing of it is left to be called off. */
export async function endCalledOff(context: StageContext, early: () => Promise<EarlyReads>): Promise<Next | null> {
  const { partition, stored, stage, writer } = context;
  const off = await cancellationOf(writer.services.signer, partition, stored);
  if (off === null) return null;
  const isRunning = currentStage(context).status === "running";
  // what is being taken back goes on: half of an undo is nobody's wish
  if (isRunning && stage === "undo") return null;
  if (isRunning) {
    if (isLockedByOther(partition, writer.services)) return { wakeAt: lockedUntil(partition) };
    const before = await seeToWhatWasSent(context, early);
    if (before !== "nothing") return before;
  }
  const isUnused = isRunning && lastWrite(context) === null && begun(context).length === 0;
  const next = await end(context, off);
  if (isUnused) await giveBack(context);
  return next;
}

function end(context: StageContext, off: Cancellation | "altered"): Promise<Next> {
  const reasons = [sayCancelled(off)];
  const loudness =
    off === "altered"
      ? ({ severity: "critical", urgency: "page" } as const)
      : ({ severity: "medium", urgency: "chat" } as const);
  return endStage(context, { status: "cancelled", reasons }, { event: "stage.cancelled", ...loudness });
}

/** Steps of which we do not know whether Graph took them. */
function begun({ partition, stored, stage }: StageContext): readonly (IndexedStep & { readonly row: StepRow })[] {
  return stepsOf(stored.plan, stage)
    .map((one) => ({ ...one, row: stepRow(partition, stored.plan.id, one.index) }))
    .filter(({ row }) => row.intendedAt !== null && row.outcome === null);
}

/** `nothing`: all that was sent has its outcome. Null: the stage is at its end, which it may say itself. */
async function seeToWhatWasSent(
  context: StageContext,
  early: () => Promise<EarlyReads>,
): Promise<Next | null | "nothing"> {
  const { clock, stores } = context.writer.services;
  const { facts } = await early();
  if (facts.retryAfterMs !== null) return retryFacts(context, facts);
  const lost = await settleLostAnswers(context, facts);
  if (lost === "conflict") return lookAgain(context);
  if (lost === "all-done") return null;
  const open = begun(context);
  const now = clock.now();
  if (open.some(({ row }) => now - Date.parse(row.intendedAt ?? "") < lagMs)) return lookAgain(context, lookMs);
  const draft = new Draft(context.partition);
  const reason = `it was about to be sent when the plan was called off, and Graph does not show it`;
  const outcome = { status: "cancelled" as const, reason, at: isoAt(now), requestIds: [] };
  for (const { index, row } of open) {
    draft.put(rowKey.step(context.stored.plan.id, index), { ...row, outcome } satisfies StepRow, now + historyMs);
  }
  return (await draft.commit(stores.identities)) ? "nothing" : lookAgain(context);
}
