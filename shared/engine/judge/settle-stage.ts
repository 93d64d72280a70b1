/** One commit that settles a stage without a write: its row, the same outcome for every step, and what people are told. */
import type { OutcomeStatus } from "../../domain/outcome.ts";
import { hasEnded } from "../../domain/plan.ts";
import { isoAt } from "../../ports/clock.ts";
import { rememberKind } from "../incident/known-kind.ts";
import { foresee } from "../people/decisions/preview.ts";
import { historyMs } from "../rows/expiry.ts";
import { nameOf } from "../rows/notices.ts";
import { Draft } from "../rows/partition.ts";
import { isFinal, stepRow, stepsOf } from "../rows/plans.ts";
import { rowKey, type StageRow } from "../rows/rows.ts";
import { stepEnded } from "../rows/step-deeds.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { putStage, type StageContext, type StageNotice, tellOfStage } from "./stage-context.ts";

/** One commit: the stage's row, the same outcome for every step without a final one, and the notice. */
export async function settle(
  context: StageContext,
  change: Partial<StageRow>,
  steps: { readonly status: OutcomeStatus; readonly reason: string; readonly facts: Facts | null },
  notice: StageNotice | null,
): Promise<boolean> {
  const { writer, partition, stored, stage } = context;
  const now = writer.services.clock.now();
  const draft = new Draft(partition);
  const isOver = hasEnded(putStage(context, draft, change).status);
  if (steps.facts !== null) rememberKind(draft, steps.facts);
  const self = steps.facts === null ? null : await writer.services.tenant.whoAmI();
  for (const { index, step } of stepsOf(stored.plan, stage)) {
    const row = stepRow(partition, stored.plan.id, index);
    if (row.intendedAt !== null || isFinal(row)) continue;
    const { requests, touches, unforeseen } =
      steps.facts === null ? { ...row, unforeseen: null } : foresee(step, steps.facts, self);
    const reason = unforeseen === null ? steps.reason : `${steps.reason}; ${unforeseen}`;
    const outcome = { status: steps.status, reason, at: isoAt(now), requestIds: [] };
    if (isOver) draft.record(stepEnded(stored.plan, index, outcome));
    draft.put(
      rowKey.step(stored.plan.id, index),
      { ...row, requests: [...requests], touches: [...touches], outcome },
      now + historyMs,
    );
  }
  if (notice !== null) tellOfStage(context, draft, notice);
  return draft.commit(writer.services.stores.identities);
}

/** ISO 8601 UTC; null: no step of the stage was applied. */
export function lastWrite({ partition, stored, stage }: StageContext): string | null {
  const times = stepsOf(stored.plan, stage).flatMap(({ index }) => {
    const { outcome } = stepRow(partition, stored.plan.id, index);
    return outcome?.status === "applied" ? [outcome.at] : [];
  });
  return times.sort().at(-1) ?? null;
}

export function subjectOf({ stored }: StageContext, facts: Facts | null): string {
  return nameOf(facts?.identity ?? stored.plan.identity, facts?.servicePrincipal?.displayName ?? null);
}
