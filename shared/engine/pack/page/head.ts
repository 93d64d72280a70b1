/** The head of the page: how it stands, who it is about, and, before all else, whether the tables can be believed. */
import type { EvidencePack } from "../../../domain/evidence-pack.ts";
import { type Html, html } from "./html.ts";
import { claimed, facts, id, table, timeOf } from "./parts.ts";
import { standingOf } from "./standing.ts";

export function head(pack: EvidencePack): Html {
  const { words, sentence } = standingOf(pack);
  const { incident, made } = pack;
  return html`<header>
<p class="eyebrow">Evidence of an incident</p>
<h1>Incident <span class="id">${incident.id}</span></h1>
<p class="dim">Made ${timeOf(made.at)} for ${made.by} by ${made.app} ${made.version}.</p>
${alarm(pack)}
<div class="standing"><strong>${words}</strong>${sentence}</div>
</header>
${about(pack)}`;
}

function alarm({ problems }: EvidencePack): Html | null {
  if (problems.length === 0) return null;
  const many = problems.length === 1 ? "one thing is" : `${problems.length} things are`;
  return html`<div class="alarm" role="alert"><strong>Warning: the tables were edited or damaged.</strong>
<p>${many} not as we wrote them, listed under “What does not hold”. What is said below rests on those tables.</p></div>`;
}

function about({ identity, incident }: EvidencePack): Html {
  const kind =
    identity.kind === null ? "not known: nobody looked" : `${identity.kind} (read ${timeOf(identity.kindReadAt)})`;
  const closed =
    incident.closedAt === null ? null : `${timeOf(incident.closedAt)}: ${incident.closedBecause ?? "no reason given"}`;
  return facts([
    ["Service principal", identity.servicePrincipalId === null ? "none known" : id(identity.servicePrincipalId)],
    ["appId", identity.appId === null ? "none known" : id(identity.appId)],
    ["Application object", identity.applicationObjectId === null ? null : id(identity.applicationObjectId)],
    ["Tenant", id(identity.tenantId)],
    ["Kind", kind],
    ["Status", `${incident.status}, severity ${incident.severity ?? "not known"}, opened ${timeOf(incident.openedAt)}`],
    ["Closed", closed],
    ["Named, as it claims", identity.claimedName === null ? null : claimed(identity.claimedName)],
  ]);
}

export function problems({ problems: found }: EvidencePack): Html {
  return html`<section><h2>What does not hold</h2>
${table(
  [{ title: "Where", width: "w-kind" }, { title: "What" }],
  found.map(({ where, what }) => [id(where), what]),
  "Nothing: every signature of the tables held, and the ledger is whole.",
)}</section>`;
}
