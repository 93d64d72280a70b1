/** How long an attacker had: from what the record tells of until the disable was answered. */
import { LogCategory } from "../../domain/event.ts";
import type { PlannedStep } from "../../domain/plan.ts";
import type { Attributes } from "../../ports/telemetry.ts";
import { currentStage, type StageContext } from "../judge/stage-context.ts";
import { read } from "../rows/partition.ts";
import { FindingRow, rowKey } from "../rows/rows.ts";
import { isOwnDisable } from "../undo/own-disables.ts";

/**
 * Right after the step was answered; tells of it where that contained somebody. Once a plan: of several things that a plan
 * disables the first counts. What a lost answer hides, which the next run finds in place, is not told.
 */
export function toldContained(context: StageContext, step: PlannedStep): Attributes {
  const { stored, writer } = context;
  const { clock, telemetry } = writer.services;
  const first = stored.plan.steps.find((one) => one.stage === "contain" && one.undoes === null && isOwnDisable(one));
  const activityAt = first === step ? earliestActivity(context) : null;
  if (activityAt === null) return {};
  const seconds = Math.max(0, clock.now() - activityAt) / 1000;
  telemetry.record("tourniquet.time_to_contain", seconds, {
    "tourniquet.playbook": stored.plan.playbook,
    "tourniquet.decided_by": currentStage(context).decidedBy === "rule" ? "rule" : "person",
  });
  return { "tourniquet.contain.seconds": seconds };
}

/** Epoch ms; null: no record called for it, but a person did, or our own scan. */
function earliestActivity({ partition, stored }: StageContext): number | null {
  const times = stored.plan.findingIds.flatMap((id) => {
    const { category, activityAt } = read(partition, rowKey.finding(id), FindingRow)?.finding.warrant ?? {};
    return LogCategory.safeParse(category).success ? [Date.parse(activityAt ?? "")] : [];
  });
  const earliest = Math.min(...times);
  return Number.isFinite(earliest) ? earliest : null;
}
