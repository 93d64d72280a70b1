/** What people hear of a finding when it is filed: what it is, who did it, and what is planned, or why nothing is. */
import type { Finding } from "../../domain/finding.ts";
import type { Incident } from "../../domain/incident.ts";
import type { Plan } from "../../domain/plan.ts";
import { sayEnough } from "../ingest/enough-told.ts";
import { playbooks } from "../registry.ts";
import { nameUnder, tell } from "../rows/notices.ts";
import type { Draft } from "../rows/partition.ts";
import { linkTokens } from "./links.ts";

export function tellOfFinding(
  draft: Draft,
  incident: Incident,
  finding: Finding,
  plans: readonly Plan[],
  now: number,
  looks: boolean,
): void {
  const whyNot = [...playbooks.values()]
    .filter((playbook) => playbook.handles.includes(finding.detection))
    .map((playbook) => playbook.whyNot?.(finding) ?? null)
    .find((reason) => reason !== null);
  const planned = plans.map((plan) => plan.playbook).join(", ");
  const next = planned === "" ? sayUnplanned(finding, looks, whyNot ?? null) : `planned: ${planned}`;
  tell(
    draft,
    {
      event: "finding.created",
      about: [finding.id],
      message: `${finding.title}: ${nameUnder(draft.partition.key, finding.subject, finding.claimedName)}${doneBy(finding)}; ${next}${sayEnough(draft.partition, finding)}`,
      identity: finding.subject,
      severity: finding.severity,
      urgency: urgencyOf(finding),
      incidentId: incident.id,
      planId: plans[0]?.id ?? null,
      data: {
        findingId: finding.id,
        detection: finding.detection,
        category: finding.warrant.category,
        recordId: finding.warrant.recordId,
        activityAt: finding.warrant.activityAt,
        actorId: finding.actorId,
        links: linkTokens(finding),
        topic: finding.topic ?? null,
        raisedAt: finding.warrant.raisedAt,
        receivedAt: finding.receivedAt,
        plans: plans.map((plan) => plan.id),
        whyNot: whyNot ?? null,
      },
    },
    now,
  );
}

/** Nothing else will page for what can have no plan. */
function urgencyOf({ severity, details }: Finding): "page" | "chat" | "digest" {
  if (details.about === "unledgered-write" || details.about === "log-silent") return "page";
  return severity === "high" || severity === "critical" ? "chat" : "digest";
}

function sayUnplanned(finding: Finding, looks: boolean, whyNot: string | null): string {
  if (looks) return "first we look what kind of identity it is";
  const { claimedId, topic, warrant } = finding;
  if (topic?.kind === "unnamed") {
    const written =
      claimedId === undefined ? "" : `, which writes ${JSON.stringify(claimedId.slice(0, 80))} in its place`;
    return `no plan, because the record does not name whom${written}; look at record ${warrant.recordId} of ${warrant.category}`;
  }
  if (topic !== undefined) return "no plan: it is no workload identity, so a person looks";
  return `no new plan${whyNot === null ? "" : `: ${whyNot}`}`;
}

/** Whoever it was may have to be contained before what they changed. */
function doneBy({ actorId, subject }: Finding): string {
  if (actorId === null) return "";
  return actorId === subject.servicePrincipalId ? ", by itself" : `, by ${actorId}`;
}
