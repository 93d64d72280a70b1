/** Every incident there is, from its rows alone. */
import type { Severity } from "../../../domain/finding.ts";
import type { IdentityKey } from "../../../domain/identity.ts";
import { Incident } from "../../../domain/incident.ts";
import type { Stores } from "../../../ports/stores.ts";
import { rowsWith } from "./scan-plans.ts";
import type { Unreadable } from "./unreadable.ts";

export interface IncidentFilter {
  readonly status?: Incident["status"] | undefined;
  readonly severity?: Severity | undefined;
  readonly identity?: IdentityKey | undefined;
}

export interface IncidentPlace {
  readonly identity: IdentityKey;
  readonly incident: Incident;
}

export interface IncidentScan {
  readonly incidents: readonly IncidentPlace[];
  readonly unreadable: readonly Unreadable[];
}

export async function scanIncidents(
  { stores }: { readonly stores: Pick<Stores, "identities"> },
  { status, severity, identity: of }: IncidentFilter,
): Promise<IncidentScan> {
  const incidents: IncidentPlace[] = [];
  const unreadable: Unreadable[] = [];
  for await (const { identity, row } of rowsWith(stores, "incident|", of)) {
    const read = Incident.safeParse(row.value);
    const isOwn = read.success && row.key === `incident|${read.data.id}`;
    if (isOwn) incidents.push({ identity, incident: read.data });
    else unreadable.push({ identity, row: row.key, problem: "it holds no incident of that id: somebody edited it" });
  }
  const wanted = incidents.filter(({ incident }) => {
    return (status ?? incident.status) === incident.status && (severity ?? incident.severity) === incident.severity;
  });
  return { incidents: wanted, unreadable };
}
