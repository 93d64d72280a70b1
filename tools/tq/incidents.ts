/** `incidents list|show|evidence|dismiss`. */
import { writeFile } from "node:fs/promises";
import type { z } from "zod";
import { getEvidence } from "../../shared/api/evidence.ts";
import { getIncident, listIncidents } from "../../shared/api/show-incidents.ts";
import { dismissIncident } from "../../shared/api/stops.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { printable } from "../text/printable.ts";
import { call, callForText } from "./call.ts";
import { type Command, type Context, more, pageOf, reasonOf, wordOf } from "./command.ts";
import { showIncident, tableOfIncidents } from "./show-incident.ts";
import { utc } from "./times.ts";
import { wrongUse } from "./usage.ts";

function incidentIdOf(context: Context): string {
  return wordOf(context, "an incident id", "`incidents list` shows them");
}

export const incidentsList: Command = async (context) => {
  const { status, severity, identity } = context.values;
  const query = { ...pageOf(context), status, severity, identity } as z.input<(typeof listIncidents)["query"]>;
  const { body } = await call(context.connection, listIncidents, { query });
  return { data: body, text: [...tableOfIncidents(body), ...more(body)].join("\n") };
};

export const incidentsShow: Command = async (context) => {
  const { body } = await call(context.connection, getIncident, { params: { id: incidentIdOf(context) } });
  return { data: body, text: showIncident(body) };
};

/** The bytes are kept as they came, since the signature covers them. */
export const incidentsEvidence: Command = async (context) => {
  const { connection, name, values } = context;
  const id = incidentIdOf(context);
  const file = values.out ?? "";
  const format = /\.(json|html)$/.exec(file)?.[1];
  if (format === undefined) throw wrongUse("--out is missing: the file to write, ending in .json or .html", name);
  const type = format === "html" ? "text/html" : "application/json";
  const text = await callForText(connection, getEvidence, { params: { id }, query: { format } }, type);
  await writeFile(file, text).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TerminalError(`${file} cannot be written: ${why}`, { code: "usage", cause });
  });
  const check = format === "html" ? [] : [`\`npm run verify-evidence -- ${file}\` checks it, offline.`];
  const said = [`The evidence of incident ${id} is in ${file}, ${Buffer.byteLength(text)} bytes.`, ...check];
  return { data: { incidentId: id, file, bytes: Buffer.byteLength(text) }, text: said.join("\n") };
};

export const incidentsDismiss: Command = async (context) => {
  const [id, reason] = [incidentIdOf(context), reasonOf(context)];
  const { body } = await call(context.connection, dismissIncident, { params: { id }, body: { reason } });
  const { closedAt, cancelled, stays } = body;
  const lines = [
    `Incident ${body.incidentId} is closed${closedAt === null ? "" : ` at ${utc(closedAt)} UTC`}; new evidence opens the next.`,
    ...cancelled.map((one) => `Called off: ${one.stage} of plan ${one.planId} (${one.playbook})`),
    ...stays.map(
      ({ planId, playbook, steps }) =>
        `Stays: ${steps} ${steps === 1 ? "change" : "changes"} of plan ${planId} (${playbook}); \`runs revert\` takes ${steps === 1 ? "it" : "them"} back`,
    ),
  ];
  return { data: body, text: lines.map(printable).join("\n") };
};
