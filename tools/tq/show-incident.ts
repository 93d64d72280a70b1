/** Incidents as text for a terminal. */
import type { z } from "zod";
import type { getIncident, listIncidents } from "../../shared/api/show-incidents.ts";
import { columns } from "../text/columns.ts";
import { printable, quotedName } from "../text/printable.ts";
import { sayUnreadable } from "./show-run.ts";
import { statusInWords } from "./show-stage.ts";
import { utc } from "./times.ts";

type Page = z.output<(typeof listIncidents)["answer"]["schema"]>;
type Incident = z.output<(typeof getIncident)["answer"]["schema"]>;

export function tableOfIncidents({ items, unreadable, unresolved }: Page): readonly string[] {
  const rows = items.map((one) => [
    one.id,
    utc(one.openedAt),
    one.severity,
    standing(one),
    one.waits.map(({ stage }) => stage).join(", ") || "-",
    aboutWhat(one),
    quotedName(one.identity.claimedName),
  ]);
  const heading = ["INCIDENT", "OPENED (UTC)", "SEVERITY", "STATUS", "WAITS", "APP ID", "NAME AS CLAIMED"];
  return [
    items.length === 0 ? "No incidents." : columns([heading, ...rows]),
    ...sayUnreadable(unreadable),
    ...unresolved.map(({ objectId, findings, looksAt }) =>
      printable(
        `Nobody knows object ${objectId} yet: ${findings.length} findings; looked up again ${utc(looksAt)} UTC`,
      ),
    ),
  ];
}

function aboutWhat({ identity, topic }: Pick<Incident, "identity" | "topic">): string {
  if (topic !== null) return printable(`${topic.kind} ${topic.id}`);
  return identity.appId ?? identity.servicePrincipalId ?? identity.applicationObjectId ?? "unknown";
}

function standing({ status, contained, retirement }: Pick<Incident, "status" | "contained" | "retirement">): string {
  return [status, ...(contained ? ["contained"] : []), ...(retirement === null ? [] : [`unused: ${retirement}`])].join(
    ", ",
  );
}

export function showIncident(incident: Incident): string {
  const { identity, closedAt, closedBecause } = incident;
  return [
    `Incident ${incident.id}, ${incident.severity}, ${standing(incident)}`,
    incident.topic === null
      ? `appId ${identity.appId ?? "unknown"}, service principal ${identity.servicePrincipalId ?? "unknown"}, named ${quotedName(identity.claimedName)}`
      : `About ${aboutWhat(incident)}`,
    `Opened ${utc(incident.openedAt)} UTC`,
    ...(closedAt === null ? [] : [`Closed ${utc(closedAt)} UTC: ${printable(closedBecause ?? "")}`]),
    "",
    "Evidence, as it happened:",
    ...incident.findings.map(({ activityAt, severity, detection, title, recordId }) =>
      printable(`  ${utc(activityAt)}  ${severity}  ${detection} (${title}), record ${recordId}`),
    ),
    ...incident.related.map(({ incidentId, status, identity: other, why }) =>
      printable(`Related: incident ${incidentId} (${status}) of ${other}: ${why.join("; ")}`),
    ),
    "",
    "Plans:",
    ...incident.plans.map(({ id, playbook, stages }) => {
      const stand = stages.map(({ stage, status }) => `${stage}: ${statusInWords(status)}`).join(", ");
      return printable(`  ${id}  ${playbook}  ${stand}`);
    }),
    ...waits(incident),
    "",
    ...timeline(incident),
  ].join("\n");
}

function waits({ waits: waiting }: Incident): readonly string[] {
  return waiting.map(({ planId, stage, expiresAt }) =>
    printable(
      `Waits for a person${expiresAt === null ? "" : ` until ${utc(expiresAt)} UTC`}: npm run tq -- runs approve ${planId} --stage ${stage} --reason TEXT`,
    ),
  );
}

function timeline({ timeline: entries, omitted, ledgerProblems, id }: Incident): readonly string[] {
  return [
    "Timeline (UTC), from the ledger:",
    ...(omitted === 0 ? [] : [`  ${omitted} older entries: npm run tq -- incidents evidence ${id} --out FILE`]),
    ...entries.map(({ seq, at, event, by, message }) =>
      printable(`  ${String(seq).padStart(3)}  ${utc(at)}  ${event}, by ${by}: ${message}`),
    ),
    ...(ledgerProblems.length === 0
      ? ["The ledger is whole and unchanged."]
      : ledgerProblems.map(({ what, message }) => printable(`The ledger does NOT hold: ${what}: ${message}`))),
  ];
}
