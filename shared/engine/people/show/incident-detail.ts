/** Everything about one incident: its evidence, its plans, what happened in which order, and what it is related to. */
import { type IdentityKey, isTopic, keyOfRef } from "../../../domain/identity.ts";
import { Incident } from "../../../domain/incident.ts";
import type { LedgerEntry } from "../../../domain/ledger.ts";
import type { Stores } from "../../../ports/stores.ts";
import { type Related, relatedIncidents } from "../../incident/links.ts";
import { loadPartition, type Partition, readAll } from "../../rows/partition.ts";
import { plansOf } from "../../rows/plans.ts";
import { type LedgerProblem, readLedger } from "../../rows/read-ledger.ts";
import { FindingRow, rowKey } from "../../rows/rows.ts";
import type { TableServices } from "../find-plan.ts";
import { type IncidentSummary, incidentSummary } from "./incident-summary.ts";
import { shownPlan } from "./plan-in.ts";
import { type ShownFinding, shownFinding } from "./run-detail.ts";
import { type RunSummary, runSummary } from "./run-summary.ts";

export interface IncidentDetail extends Omit<IncidentSummary, "findings" | "plans"> {
  readonly findings: readonly ShownFinding[];
  readonly plans: readonly Omit<RunSummary, "identity" | "incidentId">[];
  readonly related: readonly Related[];
  /** entries of the ledger, oldest first: the newest of them */
  readonly timeline: readonly Pick<LedgerEntry, "seq" | "at" | "event" | "by" | "message">[];
  /** so many older ones are left out here; the evidence has them all */
  readonly omitted: number;
  /** empty: the ledger is whole and unchanged */
  readonly ledgerProblems: readonly LedgerProblem[];
}

export interface FoundIncident {
  readonly partition: Partition;
  readonly incident: Incident;
}

/** Null: there is none of that id, or none that could be shown. Its own identity's row goes before a copy of it elsewhere. */
export async function findIncident(
  { stores }: { readonly stores: Pick<Stores, "identities"> },
  id: string,
): Promise<FoundIncident | null> {
  const found: { readonly identity: IdentityKey; readonly incident: Incident }[] = [];
  for await (const { identity, row } of stores.identities.list(rowKey.incident(id))) {
    const read = Incident.safeParse(row.value);
    if (read.success && read.data.id === id && row.key === rowKey.incident(id)) {
      found.push({ identity, incident: read.data });
    }
  }
  const isOwn = ({ identity, incident }: (typeof found)[number]) =>
    isTopic(identity) || keyOfRef(incident.identity) === identity;
  const place = found.find(isOwn) ?? found[0];
  if (place === undefined) return null;
  return { partition: await loadPartition(stores.identities, place.identity), incident: place.incident };
}

const mostEntries = 500;

export async function incidentDetail(
  services: TableServices,
  { partition, incident }: FoundIncident,
): Promise<IncidentDetail> {
  const [related, ledger] = await Promise.all([
    relatedIncidents(services.stores, partition, incident.id),
    readLedger(services, partition.key, incident.id),
  ]);
  const plans = await Promise.all(
    plansOf(partition, incident.id).map((plan) => shownPlan(services, partition, plan.id)),
  );
  return {
    ...incidentSummary(partition, incident),
    findings: readAll(partition, "finding|", FindingRow)
      .filter(({ value }) => value.incidentId === incident.id)
      .map(({ value }) => shownFinding(value.finding))
      .sort((a, b) => a.activityAt.localeCompare(b.activityAt)),
    plans: plans.flatMap((shown) => {
      if (shown === null) return [];
      const { identity: _, incidentId: __, ...summary } = runSummary(shown);
      return [summary];
    }),
    related,
    timeline: ledger.entries
      .slice(-mostEntries)
      .map(({ seq, at, event, by, message }) => ({ seq, at, event, by, message })),
    omitted: Math.max(0, ledger.entries.length - mostEntries),
    ledgerProblems: ledger.problems,
  };
}
