/** What happened: what people were told, the evidence it rests on, and the timeline. */
import type { EvidencePack } from "../../../domain/evidence-pack.ts";
import { type Html, html } from "./html.ts";
import { claimed, id, list, table, timeOf } from "./parts.ts";

export function summary({ reports }: EvidencePack): Html | null {
  const last = reports.at(-1);
  if (last === undefined) return null;
  const before = reports.length === 1 ? "" : ` It is the last of ${reports.length}; the others are in the timeline.`;
  return html`<section><h2>Summary</h2>
<p class="dim">As told to people on ${timeOf(last.at)}.${before}</p>
<ol>${last.sentences.map((sentence) => html`<li><p>${sentence}</p></li>`)}</ol></section>`;
}

export function evidence({ findings }: EvidencePack): Html {
  const rows = findings.map(({ warrant, detection, title, severity, ceiling, claimedName, receivedAt, actorId }) => [
    `${timeOf(warrant.activityAt)}\nreceived\n${timeOf(receivedAt)}`,
    html`${title}
${id(detection)}${claimedName === null ? null : html` about ${claimed(claimedName)}`}`,
    html`${warrant.category} ${id(warrant.recordId)}${
      actorId === null
        ? null
        : html`
by ${id(actorId)}`
    }`,
    `${severity}\nmay at most ${ceiling}`,
  ]);
  return html`<section><h2>Evidence</h2>
${table(
  [
    { title: "Activity", width: "w-time" },
    { title: "Finding" },
    { title: "Record" },
    { title: "Severity", width: "w-time" },
  ],
  rows,
  "No finding of this incident is kept any more.",
)}</section>`;
}

export function timeline({ ledger, reports }: EvidencePack): Html {
  const shown = reports.at(-1)?.seq;
  const rows = ledger.map(({ seq, at, event, by, message }) => [
    seq,
    timeOf(at),
    html`${id(event)}
${by}`,
    seq === shown ? `${message.split("\n", 1)[0]}\n(the rest is in the summary)` : message,
  ]);
  return html`<section><h2>Timeline</h2>
${table(
  [
    { title: "Entry", width: "w-seq" },
    { title: "Time", width: "w-time" },
    { title: "Event, and who", width: "w-kind" },
    { title: "What" },
  ],
  rows,
  "The ledger of this incident has no entry.",
)}</section>`;
}

export function related({ related: others }: EvidencePack): Html | null {
  if (others.length === 0) return null;
  const items = others.map(
    ({ identity, incidentId, status, why }) =>
      html`Incident ${id(incidentId)} (${status}) of ${id(identity.slice(identity.indexOf("|") + 1))}: ${why.join(", ")}`,
  );
  return html`<section><h2>Related incidents</h2>${list(items)}</section>`;
}
