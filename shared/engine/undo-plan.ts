/**
 * Takes our own containment back: one operator, no cap, and it works while the kill switch is on. Slow undo is why people
 * switch such tools off. Only what a receipt holds is undone, newest first, and only if the object is still as we left it.
 */

import { UndoRequest } from "../domain/approval.ts";
import type { DueMessage } from "../domain/due.ts";
import { hasEnded } from "../domain/plan.ts";
import { isoAt } from "../ports/clock.ts";
import { historyMs } from "./expiry.ts";
import { holdLock, isLockedByOther, lockedUntil, releaseLock, sendDeadline } from "./ledger.ts";
import { nameOf, tell } from "./notices.ts";
import { Draft, loadPartition, type Partition, read } from "./partition.ts";
import { readPlan, type StoredPlan, stageRow, stagesOf, stepRow, stepsOf } from "./plans.ts";
import { contradicts, type Facts, readFacts, snapshotOf } from "./read-facts.ts";
import { actionOf } from "./registry.ts";
import { rowKey, SignedRow, type StepRow } from "./rows.ts";
import { done, type Next } from "./stage-context.ts";
import type { Writer } from "./writer.ts";

type UndoMessage = Extract<DueMessage, { kind: "undo" }>;

export async function undoPlan(writer: Writer, message: UndoMessage): Promise<Next> {
  const { services } = writer;
  const partition = await loadPartition(services.stores.identities, message.identity);
  const stored = await readPlan(partition, message.planId, services.signer);
  if (stored === null || stored === "altered") return done;
  const request = await requestOf(writer, partition, stored);
  if (request === null) return done;
  return { ...(await undo(writer, partition, stored, request)), partition };
}

async function undo(writer: Writer, partition: Partition, stored: StoredPlan, request: UndoRequest): Promise<Next> {
  const { services } = writer;
  const now = services.clock.now();
  if (isLockedByOther(partition, services.instance, now)) return { wakeAt: lockedUntil(partition) };
  const facts = await readFacts(services, stored.plan.identity);
  if (facts.retryAfterMs !== null) return { wakeAt: now + Math.max(2_000, facts.retryAfterMs) };
  const mismatch = contradicts(stored.plan.identity, facts);
  if (mismatch !== null) return closeUndo(writer, partition, stored, request, facts, `nothing was undone: ${mismatch}`);
  return revertSteps({ writer, partition, stored, request, facts });
}

async function requestOf({ services }: Writer, partition: Partition, stored: StoredPlan): Promise<UndoRequest | null> {
  const row = read(partition, rowKey.undo(stored.plan.id), SignedRow);
  if (row === null || !(await services.signer.verify(row.payload, row.signature))) return null;
  const request = UndoRequest.safeParse(JSON.parse(row.payload));
  return request.success && request.data.planHash === stored.hash && request.data.planId === stored.plan.id
    ? request.data
    : null;
}

interface Undo {
  readonly writer: Writer;
  readonly partition: Partition;
  readonly stored: StoredPlan;
  readonly request: UndoRequest;
  readonly facts: Facts;
}

/** Steps that were applied, have a receipt and know how; the last change is taken back first. */
function revertible({ partition, stored }: Undo) {
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
  const { services } = writer;
  const told: string[] = [];
  for (const { index, action, row } of revertible(undo)) {
    const requests = action.revert?.(action.receipt.parse(row.receipt), snapshotOf(facts)) ?? [];
    const draft = new Draft(partition);
    holdLock(writer, draft);
    if (!(await draft.commit(services.stores.identities))) return { wakeAt: services.clock.now() + 1_000 };
    for (const one of requests) {
      const deadlineAt = sendDeadline(writer, partition);
      const answer = deadlineAt === null ? null : await services.tenant.send(one, { deadlineAt, priority: "high" });
      if (answer === null || !answer.ok)
        return pauseUndo(undo, answer?.ok === false ? answer.message : "the lease is too short");
    }
    const outcome = {
      status: "reverted" as const,
      reason: `${request.by}: ${request.reason}`,
      at: isoAt(services.clock.now()),
      requestIds: [],
    };
    const written = await new Draft(partition)
      .put(rowKey.step(stored.plan.id, index), { ...row, outcome } satisfies StepRow, services.clock.now() + historyMs)
      .commit(services.stores.identities);
    if (!written) return { wakeAt: services.clock.now() + 1_000 };
    told.push(requests.length === 0 ? `${action.id}: already so` : `${action.id}: taken back`);
  }
  return closeUndo(writer, partition, stored, request, facts, told.join(", ") || "there was nothing to undo");
}

async function pauseUndo({ writer, partition }: Undo, reason: string): Promise<Next> {
  const draft = new Draft(partition);
  releaseLock(draft);
  await draft.commit(writer.services.stores.identities);
  writer.services.logger.warn("An undo was paused and goes on later", { identity: partition.key, reason });
  return { wakeAt: writer.services.clock.now() + 3_000 };
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
  releaseLock(draft);
  return (await draft.commit(services.stores.identities)) ? done : { wakeAt: now + 1_000 };
}
