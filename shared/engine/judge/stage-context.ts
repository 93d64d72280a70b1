/** One stage in hand: what is stored of it, and the few moves it can make. Every move is one commit. */
import type { DueMessage } from "../../domain/due.ts";
import { TerminalError } from "../../domain/errors.ts";
import type { IdentityRef } from "../../domain/identity.ts";
import type { StageName, StageStatus } from "../../domain/plan.ts";
import { hasEnded, mayMove } from "../../domain/plan.ts";
import { isoAt } from "../../ports/clock.ts";
import { historyMs } from "../rows/expiry.ts";
import { type Told, tell } from "../rows/notices.ts";
import { Draft, type Partition } from "../rows/partition.ts";
import { type StoredPlan, stageRow, stagesOf } from "../rows/plans.ts";
import { rowKey, type StageRow } from "../rows/rows.ts";
import type { Writer } from "../run/writer.ts";

/** When to look again, epoch ms; null: this due thing is done. */
export interface Next {
  readonly wakeAt: number | null;
  /** the next look verifies what was done */
  readonly verifies?: boolean;
  /** the rows in hand, for delivering the notices among them without another load */
  readonly partition?: Partition;
}

export const done: Next = { wakeAt: null };

export interface StageContext {
  readonly writer: Writer;
  readonly partition: Partition;
  readonly stored: StoredPlan;
  readonly stage: StageName;
  /** epoch ms after which no new step is started */
  readonly stopAt: number;
}

export function currentStage({ partition, stored, stage }: StageContext): StageRow {
  return stageRow(partition, stored.plan.id, stage);
}

export function stageMessage({ partition, stored }: StageContext, stage: StageName, verifies: boolean): DueMessage {
  return { kind: "stage", identity: partition.key, planId: stored.plan.id, stage, verifies };
}

/** Puts the stage's row, its status moved as the plan's states allow. */
export function putStage(context: StageContext, draft: Draft, change: Partial<StageRow>): StageRow {
  const row = currentStage(context);
  const status = change.status ?? row.status;
  if (status !== row.status && !mayMove(row.status, status)) {
    throw new TerminalError(`a stage cannot go from ${row.status} to ${status}`, { code: "illegal-transition" });
  }
  const next: StageRow = { ...row, ...change, status };
  draft.put(rowKey.stage(context.stored.plan.id, context.stage), next, context.writer.services.clock.now() + historyMs);
  if (status !== row.status && status !== "done" && hasEnded(status)) endRest(context, draft, status);
  return next;
}

/** What was to come after a stage that ends without having done its work will not run either. */
function endRest(context: StageContext, draft: Draft, status: StageStatus): void {
  const { partition, stored, stage, writer } = context;
  const { plan } = stored;
  const expiresAt = writer.services.clock.now() + historyMs;
  for (const later of stagesOf(plan).slice(stagesOf(plan).indexOf(stage) + 1)) {
    const row = stageRow(partition, plan.id, later);
    if (hasEnded(row.status)) continue;
    const reasons = [`the ${stage} stage before it ended as ${status}`];
    draft.put(rowKey.stage(plan.id, later), { ...row, status: "cancelled", reasons, ...endedNow(context) }, expiresAt);
  }
  meetFilings(draft, plan.incidentId, expiresAt);
}

/**
 * A finding filed at this very moment makes no plan of its own, because it counts on this one: both write the incident's row, so
 * that one of them has to look again.
 */
export function meetFilings(draft: Draft, incidentId: string, expiresAt: number): void {
  const key = rowKey.incident(incidentId);
  const row = draft.partition.rows.get(key);
  if (row !== undefined) draft.put(key, row.value, expiresAt);
}

export type StageNotice = Omit<Told, "identity" | "incidentId" | "planId"> & {
  /** as Graph says; without it as the record claimed */
  readonly identity?: IdentityRef;
};

export function tellOfStage(context: StageContext, draft: Draft, notice: StageNotice): void {
  const { plan } = context.stored;
  const told = { ...notice, about: [plan.id, context.stage, ...notice.about] };
  const ids = { identity: notice.identity ?? plan.identity, incidentId: plan.incidentId, planId: plan.id };
  tell(draft, { ...told, ...ids }, context.writer.services.clock.now());
}

/** One move of the stage with its notice. False: somebody else moved it; look again soon. */
export async function moveStage(
  context: StageContext,
  change: Partial<StageRow>,
  notice?: StageNotice,
): Promise<boolean> {
  const { services } = context.writer;
  const draft = new Draft(context.partition);
  putStage(context, draft, change);
  if (notice !== undefined) tellOfStage(context, draft, notice);
  return draft.commit(services.stores.identities);
}

export function endedNow(context: StageContext): Pick<StageRow, "endedAt"> {
  return { endedAt: isoAt(context.writer.services.clock.now()) };
}

/** Somebody else changed the rows meanwhile: load again. */
export function lookAgain(context: StageContext, afterMs = 1_000): Next {
  return { wakeAt: context.writer.services.clock.now() + afterMs };
}

export async function cancelStage(context: StageContext, reason: string): Promise<Next> {
  const moved = await moveStage(
    context,
    { status: "cancelled", reasons: [reason], ...endedNow(context) },
    {
      event: "stage.cancelled",
      about: [],
      message: `The ${context.stage} stage was cancelled: ${reason}`,
      data: { stage: context.stage, reasons: [reason] },
    },
  );
  return moved ? done : lookAgain(context);
}

/** Has it ended with something done that is not yet known to be so? However it ended, that is looked at. */
export function isUnverified({ status, verification }: StageRow): boolean {
  return hasEnded(status) && verification?.state === "unverified";
}
