/**
 * Who dismissed a risk decides what that is worth. An attacker who may dismiss risks would otherwise disarm what should have stopped
 * them: a dismissal by a workload, or by an actor of the incident, takes nothing from the evidence, and a person decides.
 */
import type { Finding } from "../../domain/finding.ts";
import { isAboutDisuse } from "../../domain/scanned.ts";
import { idsOf } from "../../guardrails/guardrail.ts";
import { disuseEvidence } from "../evidence/disuse-evidence.ts";
import { type Asked, type Evidence, evidenceFor } from "../evidence/evidence.ts";
import type { Partition } from "../rows/partition.ts";
import { findingsOf } from "./plan-findings.ts";

/** Said by a workload, by the identity itself, or by whoever is behind another finding of the incident. */
export function isHostileDismissal({ details, actorId }: Finding, partition: Partition, incidentId: string): boolean {
  if (details.about !== "risk-cleared" || details.by === null) return false;
  if (details.by === "workload") return true;
  const others = findingsOf(partition, incidentId).filter((one) => one.details.about !== "risk-cleared");
  const actors = others.flatMap((one) => [one.actorId, ...idsOf(one.subject)]);
  return actorId !== null && actors.includes(actorId);
}

/** The evidence of a finding of the incident; a withdrawal that Graph's log shows to be hostile is none, and `dismissedBy` says whose it was. */
export async function evidenceWithin(
  asked: Asked,
  partition: Partition,
  incidentId: string,
  finding: Finding,
  ownAt: number | null,
): Promise<Evidence> {
  if (isAboutDisuse(finding)) return disuseEvidence(asked.services, partition, incidentId, finding);
  const evidence = await evidenceFor(asked, finding, ownAt);
  if (!evidence.withdrawn || finding.details.about !== "risk") return evidence;
  const since = Date.parse(finding.warrant.raisedAt);
  const dismissals = findingsOf(partition, incidentId).filter(
    (one) => isHostileDismissal(one, partition, incidentId) && Date.parse(one.warrant.activityAt) >= since,
  );
  for (const one of dismissals) {
    const { borneOut } = await evidenceFor(asked, one, null);
    if (borneOut === true)
      return { ...evidence, withdrawn: false, dismissedBy: one.actorId ?? "a workload without an id" };
  }
  return evidence;
}
