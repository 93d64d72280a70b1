/** What a person who decides has before their eyes: a hash of it comes back with the decision, so that nothing else is signed for. */
import { hashId } from "../../../domain/ids.ts";
import type { StageName } from "../../../domain/plan.ts";
import { touchOf } from "../../judge/drift.ts";
import type { Partition } from "../../rows/partition.ts";
import { type StoredPlan, stepRow, stepsOf } from "../../rows/plans.ts";

/** Ids of what goes for good, each with its step. */
export function shownTouches(partition: Partition, { plan }: Pick<StoredPlan, "plan">, stage: StageName): string[] {
  return stepsOf(plan, stage).flatMap(({ index }) =>
    stepRow(partition, plan.id, index).touches.map((id) => touchOf(index, id)),
  );
}

/** Over the plan, the requests and what goes for good, as the rows say them now. */
export function seenOf(partition: Partition, { plan, hash }: StoredPlan, stage: StageName): string {
  const requests = stepsOf(plan, stage).map(({ index }) => JSON.stringify(stepRow(partition, plan.id, index).requests));
  return hashId(hash, stage, ...shownTouches(partition, { plan }, stage), ...requests);
}
