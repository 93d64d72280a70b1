/**
 * Takes our own containment back: one operator, no cap, and it works while the kill switch is on. Slow undo is why people
 * switch such tools off. Only what a receipt holds is undone, newest first, and only if the object is still as we left it.
 */

import type { Action } from "../actions/action.ts";
import { UndoRequest } from "../domain/approval.ts";
import type { DueMessage } from "../domain/due.ts";
import { refOfKey } from "../domain/identity.ts";
import type { Outcome } from "../domain/outcome.ts";
import { hasEnded } from "../domain/plan.ts";
import { isoAt } from "../ports/clock.ts";
import type { ApiRequest } from "../ports/tenant.ts";
import { historyMs } from "./expiry.ts";
import { holdLock, isLockedByOther, lockedUntil, releaseLock, sendDeadline } from "./ledger.ts";
import { nameOf, tell } from "./notices.ts";
import { Draft, loadPartition, type Partition, read } from "./partition.ts";
import { readPlan, type StoredPlan, stageRow, stagesOf, stepRow, stepsOf } from "./plans.ts";
import { type Facts, readFacts, snapshotOf } from "./read-facts.ts";
import { actionOf } from "./registry.ts";
import { rowKey, SignedRow, type StepRow } from "./rows.ts";
import { done, meetFilings, type Next } from "./stage-context.ts";
import type { Writer } from "./writer.ts";

type UndoMessage = Extract<DueMessage, { kind: "undo" }>;

export async function undoPlan(writer: Writer, message: UndoMessage): Promise<Next> {
  const { services } = writer;
  const partition = await loadPartition(services.stores.identities, message.identity);
  const stored = await readPlan(partition, message.planId, services.signer);
  if (stored === null || stored === "altered") return done;
  const request = await requestOf(writer, partition, stored);
  if (request === null) return done;
  // a second delivery: done already, and perhaps somebody switched it off again since
  const isDone = stagesOf(stored.plan).every((stage) => hasEnded(stageRow(partition, stored.plan.id, stage).status));
  const isUndone = stagesOf(stored.plan).every((stage) => stageRow(partition, stored.plan.id, stage).status !== "done");
  if (isDone && isUndone) return { ...done, partition };
  return { ...(await undo(writer, partition, stored, request)), partition };
}

async function undo(writer: Writer, partition: Partition, stored: StoredPlan, request: UndoRequest): Promise<Next> {
  const { services } = writer;
  const now = services.clock.now();
  if (isLockedByOther(partition, services)) return { wakeAt: lockedUntil(partition) };
  const facts = await readFacts(services, refOfKey(partition.key));
  if (facts.retryAfterMs !== null) return { wakeAt: now + Math.max(2_000, facts.retryAfterMs) };
  const isReadable = facts.servicePrincipal !== undefined;
  if (!isReadable)
    return pauseUndo({ writer, partition, stored, request, facts }, `unread: ${facts.unread.join(", ")}`);
  return revertSteps({ writer, partition, stored, request, facts });
}

/** Rows can be put back: last month's wish must not re-enable an identity today. */
const requestLivesMs = 24 * 3600_000;

async function requestOf({ services }: Writer, partition: Partition, stored: StoredPlan): Promise<UndoRequest | null> {
  const row = read(partition, rowKey.undo(stored.plan.id), SignedRow);
  if (row === null || !(await services.signer.verify(row.payload, row.signature))) return null;
  const request = UndoRequest.safeParse(JSON.parse(row.payload));
  if (!request.success || request.data.planHash !== stored.hash || request.data.planId !== stored.plan.id) return null;
  const isOld = services.clock.now() - Date.parse(request.data.at) > requestLivesMs;
  if (isOld) services.logger.error("An undo request is too old to be followed", { planId: stored.plan.id });
  return isOld ? null : request.data;
}

interface Undo {
  readonly writer: Writer;
  readonly partition: Partition;
  readonly stored: StoredPlan;
  readonly request: UndoRequest;
  readonly facts: Facts;
}

/** Steps that were applied, have a receipt and know how; the last change is taken back first. */
interface Revertible {
  readonly index: number;
  readonly action: Action;
  readonly row: StepRow;
}

function revertible({ partition, stored }: Undo): readonly Revertible[] {
  return stagesOf(stored.plan)
    .flatMap((stage) => stepsOf(stored.plan, stage))
    .map(({ index, step }) => ({
      index,
      action: actionOf(step.action),
      row: stepRow(partition, stored.plan.id, index),
    }))
    .filter(({ action, row }) => row.outcome?.status === "applied" && action.revert !== undefined)
    .reverse();
}

async function revertSteps(undo: Undo): Promise<Next> {
  const { writer, partition, stored, request, facts } = undo;
  const told: string[] = [];
  for (const one of revertible(undo)) {
    const result = await revertStep(undo, one);
    if (typeof result !== "string") return result;
    told.push(`${one.action.id}: ${result}`);
  }
  return closeUndo(writer, partition, stored, request, facts, told.join(", ") || "there was nothing to undo");
}

/** A read this soon after our write may still show what was before it. */
const lagMs = 120_000;

/** What became of the step; or when to go on, when it could not be done now. */
async function revertStep(undo: Undo, { index, action, row }: Revertible): Promise<string | Next> {
  const { writer, partition, stored, request, facts } = undo;
  const { clock, stores } = writer.services;
  const reversal = action.revert?.(action.receipt.parse(row.receipt), snapshotOf(facts)) ?? { requests: [] };
  const requests = "requests" in reversal ? reversal.requests : [];
  const isRecent = clock.now() - Date.parse(row.outcome?.at ?? "") < lagMs;
  if (requests.length === 0 && isRecent) return { wakeAt: clock.now() + 5_000 };
  const draft = new Draft(partition);
  holdLock(writer, draft);
  if (!(await draft.commit(stores.identities))) return { wakeAt: clock.now() + 1_000 };
  const refusal = await sendAll(writer, partition, requests);
  if (refusal !== null) return pauseUndo(undo, refusal);
  const outcome: Outcome = {
    status: "reverted",
    reason: `${request.by}: ${request.reason}`,
    at: isoAt(clock.now()),
    requestIds: [],
  };
  const ledger = new Draft(partition);
  ledger.put(rowKey.step(stored.plan.id, index), { ...row, outcome } satisfies StepRow, clock.now() + historyMs);
  holdLock(writer, ledger);
  if (!(await ledger.commit(stores.identities))) return { wakeAt: clock.now() + 1_000 };
  return requests.length === 0 ? "somebody had taken it back already" : "taken back, as Graph accepted";
}

/** Null: all were accepted. Else why not, for the log. */
async function sendAll(writer: Writer, partition: Partition, requests: readonly ApiRequest[]): Promise<string | null> {
  for (const request of requests) {
    const deadlineAt = sendDeadline(writer, partition);
    if (deadlineAt === null) return "the lease is too short";
    const answer = await writer.services.tenant.send(request, { deadlineAt, priority: "high" });
    if (!answer.ok) return `${answer.code}: ${answer.message}`;
  }
  return null;
}

const triedAgainMs = 15_000;

/** Slow undo is why people switch such tools off: that it does not go is told at once, and again when the reason changes. */
async function pauseUndo({ writer, partition, stored, request }: Undo, reason: string): Promise<Next> {
  const { clock, logger, stores } = writer.services;
  const { plan } = stored;
  const now = clock.now();
  const draft = new Draft(partition);
  const [stage] = stagesOf(plan);
  const reasons = [`undo: ${reason}`];
  if (stage !== undefined && stageRow(partition, plan.id, stage).reasons.join() !== reasons.join()) {
    draft.put(rowKey.stage(plan.id, stage), { ...stageRow(partition, plan.id, stage), reasons }, now + historyMs);
    const message = `Not taken back yet, as ${request.by} asked, and tried again: ${nameOf(plan.identity, null)}: ${reason}`;
    const about = { event: "undo.paused", about: [plan.id, reason], severity: "high", urgency: "page" } as const;
    tell(draft, { ...about, message, identity: plan.identity, incidentId: plan.incidentId, planId: plan.id }, now);
  }
  releaseLock(draft);
  await draft.commit(stores.identities);
  logger.warn("An undo was paused and goes on later", { identity: partition.key, reason });
  return { wakeAt: now + triedAgainMs };
}

/** Stages that ran are undone; those that wait are cancelled: nobody who takes a containment back wants the rest of it. */
async function closeUndo(
  { services }: Writer,
  partition: Partition,
  { plan }: StoredPlan,
  request: UndoRequest,
  facts: Facts,
  result: string,
): Promise<Next> {
  const now = services.clock.now();
  const draft = new Draft(partition);
  for (const stage of stagesOf(plan)) {
    const row = stageRow(partition, plan.id, stage);
    const status = row.status === "done" ? "undone" : hasEnded(row.status) ? row.status : "cancelled";
    const reasons = [`${request.by} took the containment back: ${request.reason}`];
    draft.put(rowKey.stage(plan.id, stage), { ...row, status, reasons, endedAt: isoAt(now) }, now + historyMs);
  }
  tell(
    draft,
    {
      event: "plan.reverted",
      about: [plan.id],
      severity: "medium",
      urgency: "chat",
      identity: plan.identity,
      incidentId: plan.incidentId,
      planId: plan.id,
      message: `${request.by} took back what we did to ${nameOf(plan.identity, facts.servicePrincipal?.displayName ?? null)}: ${result}`,
      data: { by: request.by, reason: request.reason, result },
    },
    now,
  );
  meetFilings(draft, plan.incidentId, now + historyMs);
  releaseLock(draft);
  return (await draft.commit(services.stores.identities)) ? done : { wakeAt: now + 1_000 };
}
