/** What a play leaves for people and machines, without what may rightly differ after a crash: when it was done, and how often it was said. */
import { Incident } from "../../shared/domain/incident.ts";
import { relatedIncidents } from "../../shared/engine/incident/links.ts";
import { loadPartition, readAll } from "../../shared/engine/rows/partition.ts";
import { FindingRow, IdentityRecord, rowKey } from "../../shared/engine/rows/rows.ts";
import { startProcess, type World } from "./harness-world.ts";
import { listRuns } from "./list-runs.ts";

const moment = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

export async function endState(world: World) {
  const { services } = startProcess(world, "reader");
  const { stores } = services;
  const partitions = await Promise.all(
    [...world.data.identities.keys()].sort().map((key) => loadPartition(stores.identities, key)),
  );
  const incidents = await Promise.all(
    partitions.flatMap((partition) =>
      readAll(partition, "incident|", Incident).map(async ({ id, value }) => ({
        of: partition.key,
        id,
        identity: value.identity,
        severity: value.severity,
        status: value.status,
        because: value.closedBecause?.replace(moment, "then") ?? null,
        related: await relatedIncidents(stores, partition, id),
      })),
    ),
  );
  const runs = (await listRuns(services)).map(({ planId, identity, playbook, stages }) => [
    `${identity} ${playbook} ${planId}`,
    ...stages.map(({ stage, status, decidedBy, steps }) => {
      const done = steps.map(({ action, outcome }) => `${action}=${outcome?.status ?? "none"}`);
      return `${stage} ${status} ${decidedBy} ${done.join()}`;
    }),
  ]);
  return {
    directory: world.tenant.directory,
    writes: world.tenant.writes
      .filter(({ effective }) => effective)
      .map(({ line }) => line)
      .sort(),
    incidents,
    open: partitions.flatMap(({ key, rows }) => {
      const record = IdentityRecord.safeParse(rows.get(rowKey.identity)?.value);
      return record.success ? [`${key} ${record.data.openIncidentId}`] : [];
    }),
    findings: partitions.flatMap((partition) =>
      readAll(partition, "finding|", FindingRow).map(
        ({ id, value }) => `${partition.key} ${id} ${value.finding.detection} in ${value.incidentId}`,
      ),
    ),
    runs: runs.map((lines) => lines.join("; ")).sort(),
    baselines: baselinesOf(world),
    told: said(world.told),
    published: said(world.published),
    due: (await stores.due.all(world.policy.tenantId)).map(({ id }) => id).sort(),
    deadLetters: (await stores.deadLetters.list(world.policy.tenantId, 100)).map(({ reason }) => reason),
    errors: world.log.filter((line) => line.startsWith("error")),
  };
}

function baselinesOf({ data }: World) {
  const rows = [...(data.simple.get("baselines") ?? [])] as [string, { readonly baseline: unknown }][];
  return rows.sort(([a], [b]) => a.localeCompare(b)).map(([key, { baseline }]) => ({ key, baseline }));
}

/** Each at least once. A request id may be lost with the answer, and of two records that tell one thing either may be the first. */
function said(notices: World["told"]): readonly string[] {
  const lines = notices.map(({ event, identity, severity, urgency, incidentId, planId, data }) =>
    [event, identity.key ?? identity.appId, severity, urgency, incidentId, planId, data.detection].join(" "),
  );
  return [...new Set(lines)].sort();
}
