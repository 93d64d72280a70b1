/** Plans as text for a terminal. Ids first, the name as claimed last and quoted. */
import type { z } from "zod";
import type { listRuns } from "../../shared/api/show-runs.ts";
import { columns } from "../text/columns.ts";
import { printable, quotedName } from "../text/printable.ts";
import { type Run, showStage, statusInWords } from "./show-stage.ts";
import { utc } from "./times.ts";

type Page = z.output<(typeof listRuns)["answer"]["schema"]>;

/** One line a plan, columns aligned. */
export function tableOfRuns({ items, unreadable }: Page): readonly string[] {
  const rows = items.map(({ id, createdAt, playbook, mode, stages, identity }) => [
    id,
    utc(createdAt),
    mode === "observe" ? `${playbook} (dry run)` : playbook,
    stages.map(({ stage, status }) => `${stage}: ${statusInWords(status)}`).join(", "),
    identity.appId ?? identity.servicePrincipalId ?? identity.applicationObjectId ?? "unknown",
    quotedName(identity.claimedName),
  ]);
  const table =
    items.length === 0
      ? "No plans."
      : columns([["PLAN", "CREATED (UTC)", "PLAYBOOK", "STAGES", "APP ID", "NAME AS CLAIMED"], ...rows]);
  return [table, ...sayUnreadable(unreadable)];
}

export function sayUnreadable(rows: Page["unreadable"]): readonly string[] {
  return rows.map(({ identity, row, problem }) =>
    printable(`Not readable, since somebody edited it: ${row} of ${identity}: ${problem}`),
  );
}

export function showRun(run: Run): string {
  const { identity } = run;
  return [
    `Plan ${run.id} (${run.playbook}), incident ${run.incidentId}`,
    ...(run.altered ? ["It was edited behind our back: it will never run, and what follows is somebody's claim."] : []),
    ...(run.mode === "observe" ? ["A dry run: nothing is changed."] : []),
    `Hash ${run.hash ?? "none"}`,
    `appId ${identity.appId ?? "unknown"}, service principal ${identity.servicePrincipalId ?? "unknown"}, named ${quotedName(identity.claimedName)}`,
    `Created ${utc(run.createdAt)} UTC, asked for by ${printable(run.requestedBy)}${run.reason === null ? "" : `: ${JSON.stringify(run.reason)}`}`,
    ...run.findings.map(({ detection, title, recordId, activityAt }) =>
      printable(`Because of ${detection} (${title}), record ${recordId} of ${utc(activityAt)}`),
    ),
    ...run.related.map(({ identity: other, incidentId, status, why }) =>
      printable(`Related: incident ${incidentId} (${status}) of ${other}: ${why.join("; ")}`),
    ),
    ...run.stages.flatMap(showStage),
    ...residual(run),
  ].join("\n");
}

function residual({ residualAccess }: Run): readonly string[] {
  if (residualAccess.length === 0) return [];
  const lines = residualAccess.map(({ where, until, why }) => printable(`  ${where} until ${utc(until)}: ${why}`));
  return ["", "What still works, at worst:", ...lines];
}
