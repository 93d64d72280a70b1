/** What can be read: runs, incidents, identities and playbooks. */
import { cutPage, type SortKey } from "../../shared/api/cut-page.ts";
import { getIdentity } from "../../shared/api/show-identities.ts";
import { getIncident, listIncidents } from "../../shared/api/show-incidents.ts";
import { listPlaybooks } from "../../shared/api/show-playbooks.ts";
import { getRun, listRuns } from "../../shared/api/show-runs.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { FootholdParts } from "../../shared/domain/footholds.ts";
import { hashId } from "../../shared/domain/ids.ts";
import { identityDetail } from "../../shared/engine/people/show/identity-detail.ts";
import { keyNamed } from "../../shared/engine/people/show/identity-id.ts";
import { findIncident, incidentDetail } from "../../shared/engine/people/show/incident-detail.ts";
import { incidentSummaries } from "../../shared/engine/people/show/incident-summary.ts";
import { summariesOf } from "../../shared/engine/people/show/list-of-runs.ts";
import { findShownPlan } from "../../shared/engine/people/show/plan-in.ts";
import { shownPlaybooks } from "../../shared/engine/people/show/playbook-list.ts";
import { runDetail } from "../../shared/engine/people/show/run-detail.ts";
import { scanIncidents } from "../../shared/engine/people/show/scan-incidents.ts";
import { scanPlans } from "../../shared/engine/people/show/scan-plans.ts";
import { unresolvedFindings } from "../../shared/engine/people/show/unresolved.ts";
import { type Handler, type Operation, operation } from "./handler.ts";

/** Two rows of one id are two entries, and what somebody wrote into a row makes no cursor that is too long. */
function keyOf(at: string, ...ids: readonly string[]): SortKey {
  return [at.slice(0, 30), hashId(...ids)];
}

const runs: Handler<typeof listRuns> = async ({ services, query }) => {
  const { identity, ...filter } = query;
  const key = identity === undefined ? undefined : await keyNamed(services, identity);
  const scan = await scanPlans(services, { ...filter, identity: key });
  const page = cutPage(scan.plans, query, ({ text, planId, identity: at }) => keyOf(text.createdAt, planId, at));
  const { items, unreadable } = await summariesOf(services, page.items);
  const besides = query.cursor === undefined ? scan.unreadable : [];
  return { body: { items, nextCursor: page.nextCursor, unreadable: [...besides, ...unreadable] } };
};

const run: Handler<typeof getRun> = async ({ services, params: { id } }) => {
  const shown = await findShownPlan(services, id);
  if (shown === null) throw notFound(`there is no plan ${id}; GET /api/runs lists those there are`, "no-such-plan");
  if (shown !== "unreadable") return { body: await runDetail(services, shown) };
  const message = `the row of plan ${id} is none of ours any more: somebody edited it, and it will not run`;
  throw new TerminalError(message, { code: "plan-altered" });
};

const incidents: Handler<typeof listIncidents> = async ({ services, query }) => {
  const { identity, status, severity } = query;
  const key = identity === undefined ? undefined : await keyNamed(services, identity);
  const scan = await scanIncidents(services, { status, severity, identity: key });
  const page = cutPage(scan.incidents, query, ({ incident, identity: at }) =>
    keyOf(incident.openedAt, incident.id, at),
  );
  const { items, unreadable } = await incidentSummaries(services, page.items);
  const isFirst = query.cursor === undefined;
  return {
    body: {
      items,
      nextCursor: page.nextCursor,
      unreadable: [...(isFirst ? scan.unreadable : []), ...unreadable],
      unresolved: isFirst ? await unresolvedFindings(services) : [],
    },
  };
};

const incident: Handler<typeof getIncident> = async ({ services, params: { id } }) => {
  const found = await findIncident(services, id);
  if (found === null) throw notFound(`there is no incident ${id}; GET /api/incidents lists them`, "no-such-incident");
  const evidence = `/api/incidents/${id}/evidence`;
  return { body: { ...(await incidentDetail(services, found)), evidence } };
};

const partNames = Object.keys(FootholdParts.shape);

const identity: Handler<typeof getIdentity> = async ({ services, params: { id } }) => {
  const detail = await identityDetail(services, id);
  const read = Object.keys(detail.footholds?.parts ?? {});
  return { body: { ...detail, notLookedAt: partNames.filter((name) => !read.includes(name)) } };
};

function notFound(message: string, code: string): TerminalError {
  return new TerminalError(message, { code });
}

export const showOperations: readonly Operation[] = [
  operation(listPlaybooks, async ({ services }) => ({ body: await shownPlaybooks(services) })),
  operation(listRuns, runs),
  operation(getRun, run),
  operation(listIncidents, incidents),
  operation(getIncident, incident),
  operation(getIdentity, identity),
];
