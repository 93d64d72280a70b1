/**
 * A stage that may run: step by step, intent row → in place? → send → outcome row. The outcome of one step and the intent of
 * the next are one commit. A crash anywhere leaves an intent without an outcome, and the next run looks before it sends.
 */
import type { Outcome } from "../../domain/outcome.ts";
import { isoAt } from "../../ports/clock.ts";
import type { ApiFailure, OwnIdentity } from "../../ports/tenant.ts";
import { rememberKind } from "../incident/known-kind.ts";
import { touchOf } from "../judge/drift.ts";
import { lastWrite } from "../judge/settle-stage.ts";
import {
  currentStage,
  lookAgain,
  type Next,
  putStage,
  type StageContext,
  type StageNotice,
  tellOfStage,
} from "../judge/stage-context.ts";
import { whyNotAnyMore } from "../judge/still-warranted.ts";
import { describeRequest } from "../people/decisions/preview.ts";
import { historyMs } from "../rows/expiry.ts";
import { holdLock, sendDeadline } from "../rows/ledger.ts";
import { Draft } from "../rows/partition.ts";
import { type IndexedStep, isFinal, stepRow, stepsOf } from "../rows/plans.ts";
import { rowKey, type StepRow } from "../rows/rows.ts";
import { stepEnded, stepIntended } from "../rows/step-deeds.ts";
import { whyPassedOver } from "../snapshot/permissions.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { prepareAny } from "../undo/prepare-revert.ts";
import { cancelRest, markReverted } from "../undo/take-back.ts";
import { finishStage } from "./finish-stage.ts";
import { heldByKillSwitch } from "./held-step.ts";
import { receiptFor } from "./keep-receipt.ts";
import { foundInPlace } from "./lost-answers.ts";
import { both, type Pause, pauseRun } from "./pause-run.ts";
import { isRefusal, type Prepared } from "./prepare-step.ts";
import { sendStep } from "./send-step.ts";

export interface Permission {
  readonly facts: Facts;
  /** `rule`, or who approved and when */
  readonly decidedBy: string;
  readonly startedAt: string;
  /** what a person was shown to go for good, where a person decided over a stage that cannot be taken back; else null */
  readonly approved: ReadonlySet<string> | null;
  /** one who approved had asked for it */
  readonly alone?: boolean;
  /** what is said as the stage begins; null, or without it: nothing */
  readonly notice?: StageNotice | null;
}

export async function runSteps(context: StageContext, permission: Permission): Promise<Next> {
  const { services } = context.writer;
  const draft = new Draft(context.partition);
  const { reasons } = currentStage(context);
  rememberKind(draft, permission.facts);
  await cancelRest(context, draft);
  putStage(context, draft, {
    status: "running",
    attempts: currentStage(context).attempts + 1,
    startedAt: currentStage(context).startedAt ?? permission.startedAt,
    decidedBy: permission.decidedBy,
    alone: permission.alone ?? false,
    reasons: [],
  });
  if (permission.notice) tellOfStage(context, draft, permission.notice);
  const self = await services.tenant.whoAmI();
  const changed = lastWrite(context);
  const changedAt = changed === null ? null : Date.parse(changed);
  const run: Run = { context, permission, self, draft, failed: false, stopped: false, hasWorked: false, changedAt };
  let paused: Pause | null = null;
  for (const indexed of stepsOf(context.stored.plan, context.stage)) {
    const pause = await runStep(run, indexed);
    if (pause === null) continue;
    if (pause.lost) return lookAgain(context, pause.wakeAfterMs);
    // steps of an undo do not wait for each other: what is held or throttled keeps nothing switched off
    if (context.stage !== "undo" && pause.alone !== true) return pauseRun(context, run.draft, pause, reasons);
    paused = both(paused, pause);
  }
  if (paused !== null) return pauseRun(context, run.draft, paused, reasons);
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
  /** null: could not be learned */
  readonly self: OwnIdentity | null;
  /** what the next commit will hold */
  draft: Draft;
  failed: boolean;
  /** a step failed that says to stop there */
  stopped: boolean;
  /** one step of each pass goes on however long the judging took: where Graph is slow, it is as slow in the next pass */
  hasWorked: boolean;
  /** epoch ms of the last change that this stage made; null: none yet */
  changedAt: number | null;
}

/** Null: the step has its outcome (in the draft), go on. */
async function runStep(run: Run, indexed: IndexedStep): Promise<Pause | null> {
  const { index, step } = indexed;
  const { context } = run;
  const { clock } = context.writer.services;
  const row = stepRow(context.partition, context.stored.plan.id, index);
  if (isFinal(row)) {
    run.failed ||= row.outcome?.status === "failed";
    return null;
  }
  if (run.stopped) return settleStep(run, indexed, row, outcome(run, "cancelled", "an earlier step failed"));
  const lacks = row.intendedAt === null ? whyPassedOver(step, run.permission.facts.kind, run.self) : null;
  if (lacks !== null) return settleStep(run, indexed, row, outcome(run, "skipped", lacks));
  if (run.hasWorked && clock.now() >= context.stopAt)
    return { wakeAfterMs: 0, reason: "this batch has used its time", expected: true };
  run.hasWorked = true;
  const prepared = await prepareAny(context, run.permission.facts, step, run.changedAt);
  switch (prepared.state) {
    case "not-applicable":
      return settleStep(run, indexed, row, outcome(run, "skipped", prepared.reason));
    case "in-place":
      return settleStep(run, indexed, { ...row, missing: [...(prepared.missing ?? [])] }, inPlace(run, row));
    case "lagging":
      return { wakeAfterMs: 10_000, reason: prepared.reason, expected: true };
    case "conflict":
      return failStep(run, indexed, row, `conflict: ${prepared.reason}`);
    case "unknown":
      return settleUnknown(run, indexed, row, prepared);
    case "ready":
      return sendReady(run, indexed, row, prepared);
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

function settleUnknown(
  run: Run,
  indexed: IndexedStep,
  row: StepRow,
  { reason, retryable, retryAfterMs }: Extract<Prepared, { state: "unknown" }>,
): Pause | null {
  if (retryable) return { wakeAfterMs: retryAfterMs ?? 5_000, reason };
  if (indexed.step.need === "optional") return settleStep(run, indexed, row, outcome(run, "skipped", reason));
  return failStep(run, indexed, row, reason);
}

function settleStep(run: Run, { index, step }: IndexedStep, row: StepRow, result: Outcome): null {
  const { context } = run;
  if (result.status === "applied") run.changedAt = Date.parse(result.at);
  markReverted(context, run.draft, step, result);
  const { plan } = context.stored;
  const key = rowKey.step(plan.id, index);
  run.draft.record(stepEnded(plan, index, result));
  run.draft.put(key, { ...row, outcome: result } satisfies StepRow, context.writer.services.clock.now() + historyMs);
  return null;
}

function failStep(run: Run, indexed: IndexedStep, row: StepRow, reason: string): null {
  run.failed = true;
  run.stopped ||= indexed.step.onFailure === "stop";
  return settleStep(run, indexed, row, outcome(run, "failed", reason));
}

async function sendReady(
  run: Run,
  indexed: IndexedStep,
  row: StepRow,
  prepared: Extract<Prepared, { state: "ready" }>,
): Promise<Pause | null> {
  const { context } = run;
  const { index, step } = indexed;
  const { services } = context.writer;
  const { approved } = run.permission;
  if (approved !== null && prepared.touches.some((id) => !approved.has(touchOf(index, id)))) {
    return { wakeAfterMs: 0, reason: "what would go is no longer what was approved", alone: true };
  }
  const held = await heldByKillSwitch(context, step);
  if (held !== null) return held;
  if (prepared.irreversible) {
    const reason = await whyNotAnyMore(context, run.permission.facts.identity, run.permission.decidedBy);
    // The next look judges the stage anew, and says so to people.
    if (reason !== null) return { wakeAfterMs: 60_000, reason };
  }
  const now = services.clock.now();
  const kept = row.intendedAt === null ? await receiptFor(context, index, prepared.receipt) : row;
  if ("wakeAfterMs" in kept) return kept;
  const { receipt, receiptSignature } = kept;
  const intended: StepRow = {
    intendedAt: row.intendedAt ?? isoAt(now),
    receipt,
    ...(receiptSignature === undefined ? {} : { receiptSignature }),
    outcome: null,
    requests: prepared.requests.map(describeRequest),
    touches: [...prepared.touches],
    missing: [...(prepared.missing ?? [])],
  };
  const { plan } = context.stored;
  run.draft.put(rowKey.step(plan.id, index), intended, now + historyMs);
  run.draft.record(stepIntended(plan, index, intended, run.permission.decidedBy, isoAt(now)));
  holdLock(context.writer, run.draft);
  if (!(await run.draft.commit(services.stores.identities))) {
    return { wakeAfterMs: 1_000, reason: "another writer holds the identity", lost: true };
  }
  run.draft = new Draft(context.partition);
  const sending = sendStep(context, step, prepared, sendDeadline(context.writer, context.partition));
  // while Graph works: our echo names an object id alone and may be here before the stage ends, which waits for this to be known
  services.stores.aliases.learn(run.permission.facts.identity).catch(() => undefined);
  const sent = await sending;
  if (sent.ok)
    return settleStep(run, indexed, intended, outcome(run, "applied", "Graph accepted the change", sent.requestIds));
  return settleFailure(run, indexed, intended, sent.failure);
}

/** A write right after the object was made answered 404 for up to 90 s (Microsoft Graph, known replication delays). */
const longestRaceMs = 60_000;

/** Later, skipped or failed: what may have been done, or may be done later, is looked at again before anything is sent. */
function settleFailure(run: Run, indexed: IndexedStep, row: StepRow, failure: ApiFailure): Pause | null {
  const reason = `${failure.code}: ${failure.message}`.slice(0, 300);
  const { limits } = run.context.writer.services;
  const { retries } = currentStage(run.context);
  // removePassword answers 400 for a moment after addPassword of the same key, and 404 is the replication race
  const isRace = [400, 404, 409, 412].includes(failure.status) && !isRefusal(failure);
  if (failure.retryable || failure.maybeDone || (isRace && limits.deferMs.length > retries)) {
    const waitMs = isRace ? Math.min(longestRaceMs, 5_000 * 2 ** retries) : 5_000;
    return { wakeAfterMs: failure.retryAfterMs ?? waitMs, reason };
  }
  if (indexed.step.need === "optional")
    return settleStep(run, indexed, row, outcome(run, "skipped", `not done: ${reason}`));
  return failStep(run, indexed, row, reason);
}
