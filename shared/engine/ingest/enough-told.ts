/** Of what is only told, enough is enough: a log that masks every id, or whoever writes to the hub, has no end of such records. */
import { type Finding, highestSeverity } from "../../domain/finding.ts";
import { openIn } from "../incident/close-open.ts";
import { findingsOf } from "../incident/plan-findings.ts";
import type { Partition } from "../rows/partition.ts";

/** In one incident: that it goes on and on says the last of them, and people look at the log itself. */
const mostOfOneTopic = 50;

/** True for what is only told, after so many that are as severe: trifles hide nothing. A burst's actor is always told. */
export function isEnoughTold(partition: Partition, finding: Finding): boolean {
  return isLimited(finding) && asSevere(partition, finding) >= mostOfOneTopic;
}

/** Empty but for the last one that is told. */
export function sayEnough(partition: Partition, finding: Finding): string {
  if (!isLimited(finding) || asSevere(partition, finding) !== mostOfOneTopic - 1) return "";
  return `; it is the ${mostOfOneTopic}th, and no more like it are told until this incident is closed`;
}

function isLimited({ ceiling, details }: Finding): boolean {
  return ceiling === "notify" && details.about !== "actor-burst";
}

function asSevere(partition: Partition, { severity }: Finding): number {
  const open = openIn(partition);
  if (open === null) return 0;
  const told = findingsOf(partition, open.incident.id).filter(isLimited);
  return told.filter((one) => highestSeverity(one.severity, severity) === one.severity).length;
}
