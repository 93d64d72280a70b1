/** The days that an identity had to be unused for, as the finding says that began its retirement. Pure. */
import type { Finding } from "../../../domain/finding.ts";
import { findingsOf } from "../../incident/plan-findings.ts";
import type { Partition } from "../../rows/partition.ts";

/** The newest finding about disuse; null: there is none any more. */
export function unusedFinding(partition: Partition, incidentId: string): Finding | null {
  const found = findingsOf(partition, incidentId).filter(({ details }) => details.about === "unused");
  return found.toSorted((a, b) => a.receivedAt.localeCompare(b.receivedAt)).at(-1) ?? null;
}

export function windowDaysOf(partition: Partition, incidentId: string): number {
  const details = unusedFinding(partition, incidentId)?.details;
  return details?.about === "unused" ? details.windowDays : 0;
}
