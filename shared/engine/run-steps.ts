/**
 * A stage that may run: step by step, intent row → in place? → send → outcome row. The outcome of one step and the intent of
 * the next are one commit. A crash anywhere leaves an intent without an outcome, and the next run looks before it sends.
 */
import type { Outcome } from "../domain/outcome.ts";
import { isoAt } from "../ports/clock.ts";
import type { ApiFailure } from "../ports/tenant.ts";
import { touchOf } from "./drift.ts";
import { historyMs } from "./expiry.ts";
import { finishStage } from "./finish-stage.ts";
import { holdLock, releaseLock, sendDeadline } from "./ledger.ts";
import { foundInPlace } from "./lost-answers.ts";
import { Draft } from "./partition.ts";
import { type IndexedStep, isFinal, stepRow, stepsOf } from "./plans.ts";
import { type Prepared, prepareStep } from "./prepare-step.ts";
import { describeRequest } from "./preview.ts";
import type { Facts } from "./read-facts.ts";
import { rowKey, type StepRow } from "./rows.ts";
import { sendStep } from "./send-step.ts";
import { currentStage, lookAgain, type Next, putStage, type StageContext, tellOfStage } from "./stage-context.ts";
import { whyNotAnyMore } from "./still-warranted.ts";

export interface Permission {
  readonly facts: Facts;
  /** `rule`, or who approved and when */
  readonly decidedBy: string;
  readonly startedAt: string;
  /** what a person was shown to go for good, where a person decided over a stage that cannot be taken back; else null */
  readonly approved: ReadonlySet<string> | null;
}

/** Why a run stops before its end: another writer, the time is up, or Graph says later. */
interface Pause {
  readonly wakeAfterMs: number;
  readonly reason: string;
  /** rows may have changed under us: commit nothing more */
  readonly lost: boolean;
}

export async function runSteps(context: StageContext, permission: Permission): Promise<Next> {
  const { services } = context.writer;
  const draft = new Draft(context.partition);
  putStage(context, draft, {
    status: "running",
    attempts: currentStage(context).attempts + 1,
    startedAt: currentStage(context).startedAt ?? permission.startedAt,
    decidedBy: permission.decidedBy,
    reasons: [],
  });
  const run: Run = { context, permission, draft, failed: false, stopped: false };
  for (const indexed of stepsOf(context.stored.plan, context.stage)) {
    const pause = await runStep(run, indexed);
    if (pause === null) continue;
    if (pause.lost) return lookAgain(context, pause.wakeAfterMs);
    return pauseRun(run, pause);
  }
  const finished = await finishStage(context, run.draft, permission, run.failed);
  if (finished !== null) return finished;
  services.logger.warn("The end of a stage was not written because its rows changed; it is looked at again", {
    planId: context.stored.plan.id,
  });
  return lookAgain(context);
}

interface Run {
  readonly context: StageContext;
  readonly permission: Permission;
  /** what the next commit will hold */
  draft: Draft;
  failed: boolean;
  /** a step failed that says to stop there */
  stopped: boolean;
}

/** Null: the step has its outcome (in the draft), go on. */
async function runStep(run: Run, { index, step }: IndexedStep): Promise<Pause | null> {
  const { context } = run;
  const { clock } = context.writer.services;
  const row = stepRow(context.partition, context.stored.plan.id, index);
  if (isFinal(row)) {
    run.failed ||= row.outcome?.status === "failed";
    return null;
  }
  if (run.stopped) return settleStep(run, index, row, outcome(run, "cancelled", "an earlier step failed"));
  if (clock.now() >= context.stopAt) return { wakeAfterMs: 0, reason: "this batch has used its time", lost: false };
  const prepared = await prepareStep(context, run.permission.facts, step);
  switch (prepared.state) {
    case "not-applicable":
      return settleStep(run, index, row, outcome(run, "skipped", prepared.reason));
    case "in-place":
      return settleStep(run, index, row, inPlace(run, row));
    case "unknown":
      if (step.need === "optional" && !prepared.retryable)
        return settleStep(run, index, row, outcome(run, "skipped", prepared.reason));
      return prepared.retryable
        ? { wakeAfterMs: prepared.retryAfterMs ?? 5_000, reason: prepared.reason, lost: false }
        : failStep(run, { index, step }, row, prepared.reason);
    case "ready":
      return sendReady(run, { index, step }, row, prepared);
  }
}

function outcome(run: Run, status: Outcome["status"], reason: string, requestIds: readonly string[] = []): Outcome {
  return { status, reason, at: isoAt(run.context.writer.services.clock.now()), requestIds: [...requestIds] };
}

function inPlace(run: Run, row: StepRow): Outcome {
  return row.intendedAt === null
    ? outcome(run, "already-in-place", "it was so before we came")
    : foundInPlace(row.intendedAt, run.context.writer.services.clock.now());
}

function settleStep(run: Run, index: number, row: StepRow, result: Outcome): null {
  const { context } = run;
  const key = rowKey.step(context.stored.plan.id, index);
  run.draft.put(key, { ...row, outcome: result } satisfies StepRow, context.writer.services.clock.now() + historyMs);
  return null;
}

function failStep(run: Run, { index, step }: IndexedStep, row: StepRow, reason: string): null {
  run.failed = true;
  run.stopped ||= step.onFailure === "stop";
  return settleStep(run, index, row, outcome(run, "failed", reason));
}

async function sendReady(
  run: Run,
  { index, step }: IndexedStep,
  row: StepRow,
  prepared: Extract<Prepared, { state: "ready" }>,
): Promise<Pause | null> {
  const { context } = run;
  const { services } = context.writer;
  const { approved } = run.permission;
  if (approved !== null && prepared.touches.some((id) => !approved.has(touchOf(index, id)))) {
    return { wakeAfterMs: 0, reason: "what would go is no longer what was approved", lost: false };
  }
  if (prepared.irreversible) {
    const reason = await whyNotAnyMore(context, run.permission.facts.identity);
    // The next look judges the stage anew, and says so to people.
    if (reason !== null) return { wakeAfterMs: 60_000, reason, lost: false };
  }
  const now = services.clock.now();
  const intended: StepRow = {
    intendedAt: row.intendedAt ?? isoAt(now),
    receipt: row.intendedAt === null ? prepared.receipt : row.receipt,
    outcome: null,
    requests: prepared.requests.map(describeRequest),
    touches: [...prepared.touches],
  };
  run.draft.put(rowKey.step(context.stored.plan.id, index), intended, now + historyMs);
  holdLock(context.writer, run.draft);
  if (!(await run.draft.commit(services.stores.identities))) {
    return { wakeAfterMs: 1_000, reason: "another writer holds the identity", lost: true };
  }
  run.draft = new Draft(context.partition);
  const sent = await sendStep(context, step, prepared, sendDeadline(context.writer, context.partition));
  if (sent.ok)
    return settleStep(run, index, intended, outcome(run, "applied", "Graph accepted the change", sent.requestIds));
  return settleFailure(run, { index, step }, intended, sent.failure);
}

/** A write right after the object was made answered 404 for up to 90 s (Microsoft Graph, known replication delays). */
const longestRaceMs = 60_000;

/** Later, skipped or failed: what may have been done, or may be done later, is looked at again before anything is sent. */
function settleFailure(run: Run, { index, step }: IndexedStep, row: StepRow, failure: ApiFailure): Pause | null {
  const reason = `${failure.code}: ${failure.message}`.slice(0, 300);
  const { limits } = run.context.writer.services;
  const { retries } = currentStage(run.context);
  // removePassword answers 400 for a moment after addPassword of the same key, and 404 is the replication race
  const isRace = [400, 404, 409, 412].includes(failure.status);
  if (failure.retryable || failure.maybeDone || (isRace && limits.deferMs.length > retries)) {
    const waitMs = isRace ? Math.min(longestRaceMs, 5_000 * 2 ** retries) : 5_000;
    return { wakeAfterMs: failure.retryAfterMs ?? waitMs, reason, lost: false };
  }
  if (step.need === "optional") return settleStep(run, index, row, outcome(run, "skipped", `not done: ${reason}`));
  return failStep(run, { index, step }, row, reason);
}

/** A refusal that never ends is retried for ever, and not in silence. */
const toldEvery = 20;

/** An orderly stop: what was done is written, the lock goes, and the attempt is not held against the plan. */
async function pauseRun(run: Run, { wakeAfterMs, reason }: Pause): Promise<Next> {
  const { context, draft } = run;
  const { services } = context.writer;
  const { retries } = currentStage(context);
  putStage(context, draft, { status: "running", attempts: 0, retries: retries + 1, reasons: [reason] });
  if ((retries + 1) % toldEvery === 0) {
    tellOfStage(context, draft, {
      event: "stage.paused",
      about: [String(retries + 1)],
      severity: "high",
      urgency: "page",
      message: `The ${context.stage} stage does not get on after ${retries + 1} tries, and is tried again: ${reason}`,
      data: { stage: context.stage, reason, retries: retries + 1 },
    });
  }
  releaseLock(draft);
  const written = await draft.commit(services.stores.identities);
  services.logger.info("A stage was paused and goes on later", { planId: context.stored.plan.id, reason, written });
  return lookAgain(context, wakeAfterMs);
}
