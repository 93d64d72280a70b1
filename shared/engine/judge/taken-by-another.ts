/** What our own other plan took before a late record named it: never seen by the plan that the record called for, and gone all the same. */
import type { Plan, PlannedStep } from "../../domain/plan.ts";
import { findingsFor } from "../incident/plan-findings.ts";
import type { Partition } from "../rows/partition.ts";
import { plansOf, stageRow, stepRow } from "../rows/plans.ts";

/**
 * Did another plan of the incident do the same or more, after all the evidence of this one? Only once it is verified: a replica that
 * is behind would have shown by then.
 */
export function isTakenByAnother(partition: Partition, plan: Plan, step: PlannedStep): boolean {
  const evidence = findingsFor(partition, plan).filter(({ id }) => plan.findingIds.includes(id));
  if (evidence.length === 0) return false;
  const evidenceAt = Math.max(...evidence.map(({ warrant }) => Date.parse(warrant.activityAt)));
  return plansOf(partition, plan.incidentId).some((other) => {
    if (other.id === plan.id) return false;
    return other.steps.some((done, index) => {
      if (done.undoes !== null || done.action !== step.action || !covers(done.parameters, step.parameters))
        return false;
      const { outcome } = stepRow(partition, other.id, index);
      const { verification } = stageRow(partition, other.id, done.stage);
      const isApplied = outcome?.status === "applied" && Date.parse(outcome.at) > evidenceAt;
      return isApplied && verification?.state === "verified";
    });
  });
}

/** `all` is every one of a list, and null is whichever, in the parameters of every action. */
function covers(wide: unknown, narrow: unknown): boolean {
  if (wide === "all" || wide === null || wide === narrow) return true;
  if (Array.isArray(wide)) {
    return Array.isArray(narrow) && narrow.every((one) => wide.some((other) => covers(other, one)));
  }
  if (!isRecord(wide) || !isRecord(narrow)) return false;
  return Object.entries(wide).every(([name, value]) => covers(value, narrow[name]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
