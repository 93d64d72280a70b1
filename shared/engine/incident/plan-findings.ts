/** The findings a plan stands on. */
import { bySeverity, type Finding } from "../../domain/finding.ts";
import { isRetirePlan, type Plan } from "../../domain/plan.ts";
import { isAboutDisuse } from "../../domain/scanned.ts";
import { type Partition, read, readAll } from "../rows/partition.ts";
import { plansOf } from "../rows/plans.ts";
import { FindingRow, rowKey } from "../rows/rows.ts";

/**
 * A plan that a person asked for stands on that person's word alone, which the plan's signature bears out: evidence of something
 * else must not spare it the second person. And a person's word for one playbook is no evidence for another. What retires stands on
 * the very finding it was made for, and nothing else stands on such a one: that nobody uses it is no evidence of an attack, nor is an
 * attack a sign of disuse.
 */
export function findingsFor(partition: Partition, plan: Plan): readonly Finding[] {
  const { incidentId, findingIds, requestedBy } = plan;
  const all = findingsOf(partition, incidentId);
  if (isRetirePlan(plan)) return all.filter((one) => isAboutDisuse(one) && findingIds.includes(one.id));
  const findings = all.filter((one) => !isAboutDisuse(one) && !isNoEvidence(one));
  if (requestedBy === "tourniquet") return findings.filter(({ details }) => details.about !== "manual");
  return findings.filter(
    ({ id, details }) => details.about === "manual" && details.by === requestedBy && findingIds.includes(id),
  );
}

/** What says that a risk is over is no evidence of one (engine/clear-incident.ts), nor is a stranger's try at what we disabled. */
function isNoEvidence({ details }: Finding): boolean {
  return details.about === "risk-cleared" || details.about === "sign-of-life";
}

/** What a plan was made for and what is weighed for it, as people are told: the gravest first, and of those the earliest. */
export function evidenceFor(partition: Partition, plan: Plan): readonly Finding[] {
  const weighed = new Set(findingsFor(partition, plan).map(({ id }) => id));
  const told = findingsOf(partition, plan.incidentId).filter(
    ({ id }) => weighed.has(id) || plan.findingIds.includes(id),
  );
  return told.toSorted(
    (a, b) => bySeverity(b.severity, a.severity) || a.warrant.activityAt.localeCompare(b.warrant.activityAt),
  );
}

/** Everything the incident is about, whoever said it. */
export function findingsOf(partition: Partition, incidentId: string): readonly Finding[] {
  return readAll(partition, "finding|", FindingRow)
    .filter(({ value }) => value.incidentId === incidentId)
    .map(({ value }) => value.finding);
}

/** The plan that was made of the finding when it was filed, the first of them; null: it called for none. */
export function planMadeOf(partition: Partition, findingId: string): Plan | null {
  const row = read(partition, rowKey.finding(findingId), FindingRow);
  if (row?.incidentId == null) return null;
  return plansOf(partition, row.incidentId).find(({ findingIds }) => findingIds.includes(findingId)) ?? null;
}
