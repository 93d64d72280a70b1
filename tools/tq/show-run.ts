/** Plans as text for a terminal. Ids first, the name as claimed last and quoted. */

import { sayRelated } from "../../shared/engine/incident/links.ts";
import type { Run, RunStage } from "../../shared/engine/people/list-runs.ts";
import { columns } from "../text/columns.ts";

/** One line a plan, columns aligned. */
export function tableOfRuns(runs: readonly Run[]): string {
  if (runs.length === 0) return "No plans yet.";
  const rows = runs.map((run) => [
    run.planId,
    run.createdAt.slice(0, 19).replace("T", " "),
    run.playbook,
    run.stages
      .map(({ stage, status }) => `${stage}: ${status === "waiting" ? "awaiting-approval" : status}`)
      .join(", "),
    run.identity.slice(run.identity.indexOf("|") + 1),
    JSON.stringify(run.claimedName ?? ""),
  ]);
  return columns([["PLAN", "CREATED (UTC)", "PLAYBOOK", "STAGES", "APP ID", "NAME AS CLAIMED"], ...rows]);
}

export function showRun(run: Run): string {
  return [
    `Plan ${run.planId} (${run.playbook}), incident ${run.incidentId}`,
    `Identity ${run.identity}, named ${JSON.stringify(run.claimedName ?? "")}`,
    `Created ${run.createdAt}, asked for by ${run.requestedBy}`,
    ...run.findings.map(
      ({ detection, title, recordId, at }) => `Because of ${detection} (${title}), record ${recordId} of ${at}`,
    ),
    ...(run.related ?? []).map((one) => `Related: ${sayRelated([one])}`),
    ...run.stages.flatMap(showStage),
  ].join("\n");
}

function showStage(stage: RunStage): string[] {
  const { verification, decidedBy, expiresAt } = stage;
  const waits = stage.status === "waiting" && expiresAt !== null ? `, until ${expiresAt}` : "";
  return [
    "",
    `Stage ${stage.stage}: ${stage.status === "waiting" ? "awaiting-approval" : stage.status}${waits}${decidedBy === null ? "" : `, decided by ${decidedBy}`}`,
    ...stage.reasons.map((reason) => `  ${reason}`),
    ...(verification === null
      ? []
      : [`  ${verification.state} (applied ${verification.appliedAt}, ${verification.reads.length} reads since)`]),
    ...stage.steps.flatMap(showStep),
  ];
}

const longestReceipt = 400;

/** Before → after: what its receipt holds, and what was, or would be, sent. */
function showStep({ index, action, need, why, outcome, requests, receipt, lost }: RunStage["steps"][number]): string[] {
  const became = outcome === null ? "not run" : `${outcome.status}, ${outcome.reason}`;
  const ids = outcome?.requestIds ?? [];
  return [
    `  - ${index + 1}. ${action}${need === "optional" ? " (optional)" : ""}: ${became}`,
    `      why: ${why}`,
    ...(receipt == null ? [] : [`      before: ${JSON.stringify(receipt).slice(0, longestReceipt)}`]),
    ...requests.map((request) => `      ${request}`),
    ...(ids.length === 0 ? [] : [`      request ids: ${ids.join(", ")}`]),
    ...lost.map((phrase) => `      never comes back: ${phrase}`),
  ];
}
