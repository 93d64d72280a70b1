/** The end of a stage that ran: its state, its report, the wake-up of the next, and the lock given back, as one commit. */
import type { DueMessage } from "../../domain/due.ts";
import { waitingBeside } from "../judge/nothing-left.ts";
import {
  endedNow,
  type Next,
  putStage,
  type StageContext,
  type StageNotice,
  stageMessage,
  tellOfStage,
} from "../judge/stage-context.ts";
import { publishedAgainMs, putDue, wake } from "../rows/due.ts";
import { releaseLock } from "../rows/ledger.ts";
import { nameOf } from "../rows/notices.ts";
import { type Draft, read } from "../rows/partition.ts";
import { stagesOf, stepsOf } from "../rows/plans.ts";
import { newStep, rowKey, StepRow } from "../rows/rows.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { noteTakenBack } from "../undo/note-taken-back.ts";
import { closeTakenBack } from "../undo/take-back.ts";
import { undoReport } from "../undo/undo-report.ts";
import { blockPolicyWish } from "./block-policy-row.ts";

interface Finished {
  readonly facts: Facts;
  readonly decidedBy: string;
}

/** Null: the rows changed under us and nothing was written. */
export async function finishStage(
  context: StageContext,
  draft: Draft,
  { facts, decidedBy }: Finished,
  failed: boolean,
): Promise<Next | null> {
  const { services } = context.writer;
  const now = services.clock.now();
  const steps = stepsAfter(context, draft);
  const appliedAt = lastChange(steps);
  const status = failed ? ("failed" as const) : ("done" as const);
  putStage(context, draft, {
    status,
    attempts: 0,
    retries: 0,
    ...endedNow(context),
    verification: appliedAt === null ? null : { state: "unverified", appliedAt, reads: [], refusedSignInAt: null },
  });
  await closeTakenBack(context, draft);
  if (context.stage === "undo") await noteTakenBack(context, draft);
  // a record of somebody who undoes it, and of our own writes, may name an object id alone
  await services.stores.aliases.learn(facts.identity);
  tellOfStage(context, draft, noticeOf(context, draft, { facts, decidedBy }, failed));
  releaseLock(draft);
  const messages = [...(failed ? [] : nextStage(context)), ...policyWish(context, failed)];
  const wakeUps = await Promise.all(messages.map((message) => putDue(services, message, now + publishedAgainMs)));
  if (!(await draft.commit(services.stores.identities))) return null;
  for (const { action, row } of steps) {
    const about = { "tourniquet.action": action, "tourniquet.outcome": row.outcome?.status ?? "none" };
    services.telemetry.add("tourniquet.steps", 1, about);
  }
  await wake(services, wakeUps);
  const [firstLook] = services.limits.verifyAfterMs;
  // reads lag: what others were to remove as well is looked for when our own change is
  const beside = appliedAt === null ? [] : waitingBeside(context);
  await Promise.all(beside.map((other) => putDue(services, other, now + (firstLook ?? 0))));
  const wakeAt = appliedAt !== null && firstLook !== undefined ? now + firstLook : null;
  return { wakeAt, verifies: true };
}

function noticeOf(context: StageContext, draft: Draft, { facts, decidedBy }: Finished, failed: boolean): StageNotice {
  const steps = stepsAfter(context, draft);
  const isLoud = failed || steps.some(({ row }) => row.outcome?.status === "applied");
  const undone = context.stage === "undo" ? undoReport(context, draft) : null;
  const ended = undone === null ? "stage.finished" : "plan.reverted";
  const summary = undone === null ? summaryOf(steps) : undone.sentences.join("\n");
  return {
    event: failed ? "stage.failed" : ended,
    identity: facts.identity,
    about: [],
    ...loudnessOf(context, failed, isLoud),
    message: `${summary} on ${nameOf(facts.identity, facts.servicePrincipal?.displayName ?? null)}; decided by ${decidedBy}; not yet verified`,
    data: {
      stage: context.stage,
      playbook: context.stored.plan.playbook,
      decidedBy,
      ...(undone === null ? {} : { neverBack: undone.neverBack }),
      steps: steps.map(({ action, row }) => ({ action, outcome: row.outcome, requests: row.requests })),
    },
  };
}

/** What nobody used wakes nobody: who might miss it was told, and the retirement says how it goes on. */
function loudnessOf(
  { stage }: StageContext,
  failed: boolean,
  isLoud: boolean,
): Pick<StageNotice, "severity" | "urgency"> {
  if (stage === "retire" && !failed) return { severity: "low", urgency: "digest" };
  return isLoud ? { severity: "high", urgency: "page" } : { severity: "informational", urgency: "digest" };
}

/** Who is contained has changed, or may have. */
function policyWish({ stage, writer }: StageContext, failed: boolean): readonly DueMessage[] {
  const changes = stage === "undo" || (stage === "contain" && !failed);
  return changes ? blockPolicyWish(writer.services) : [];
}

function nextStage(context: StageContext): readonly DueMessage[] {
  const stages = stagesOf(context.stored.plan);
  const next = stages[stages.indexOf(context.stage) + 1];
  return next === undefined ? [] : [stageMessage(context, next, false)];
}

/** ISO 8601 UTC of the last step that is as wanted; null: there is nothing to verify. */
function lastChange(steps: ReturnType<typeof stepsAfter>): string | null {
  const times = steps.flatMap(({ row: { outcome } }) =>
    outcome?.status === "applied" || outcome?.status === "already-in-place" ? [outcome.at] : [],
  );
  return times.sort().at(-1) ?? null;
}

function stepsAfter({ partition, stored, stage }: StageContext, draft: Draft) {
  const changes = new Map(draft.changes.map((change) => [change.key, change]));
  return stepsOf(stored.plan, stage).map(({ index, step }) => {
    const key = rowKey.step(stored.plan.id, index);
    const change = changes.get(key);
    const row =
      change !== undefined && change.op !== "delete" ? StepRow.parse(change.value) : read(partition, key, StepRow);
    return {
      action: step.action,
      row: row ?? newStep,
    };
  });
}

function summaryOf(steps: ReturnType<typeof stepsAfter>): string {
  return steps.map(({ action, row }) => `${action}: ${row.outcome?.status ?? "none"}`).join(", ");
}
