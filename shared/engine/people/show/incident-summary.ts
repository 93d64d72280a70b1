/** One incident in a listing: what it is about, how grave, and what of it waits for a person. */
import pLimit from "p-limit";
import { topicOfKey } from "../../../domain/identity.ts";
import type { Incident } from "../../../domain/incident.ts";
import { Retirement, type RetirementState } from "../../../domain/retirement.ts";
import { loadPartition, type Partition, readAll } from "../../rows/partition.ts";
import { plansOf } from "../../rows/plans.ts";
import { FindingRow, rowKey } from "../../rows/rows.ts";
import type { TableServices } from "../find-plan.ts";
import { type ShownIdentity, type StageSummary, shownIdentity, stageSummaries } from "./run-summary.ts";
import type { IncidentPlace } from "./scan-incidents.ts";
import { apart, orUnreadable, type Shown } from "./unreadable.ts";

export interface IncidentSummary {
  readonly id: string;
  readonly identity: ShownIdentity;
  /** what it is about where that is no workload identity; null: it is one */
  readonly topic: { readonly kind: string; readonly id: string } | null;
  readonly severity: Incident["severity"];
  readonly status: Incident["status"];
  /** a stage that contains was done and verified, and nobody took it back since */
  readonly contained: boolean;
  /** how far retiring the identity has come; null: the incident is about no disuse */
  readonly retirement: RetirementState | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly closedBecause: string | null;
  readonly findings: number;
  readonly plans: number;
  readonly waits: readonly Wait[];
}

export interface Wait {
  readonly planId: string;
  readonly playbook: string;
  readonly stage: StageSummary["stage"];
  readonly since: string | null;
  readonly expiresAt: string | null;
}

const inFlight = 16;

export async function incidentSummaries(
  services: Pick<TableServices, "stores">,
  page: readonly IncidentPlace[],
): Promise<Shown<IncidentSummary>> {
  const limit = pLimit(inFlight);
  const all = page.map(({ identity, incident }) =>
    limit(() =>
      orUnreadable(identity, rowKey.incident(incident.id), async () =>
        incidentSummary(await loadPartition(services.stores.identities, identity), incident),
      ),
    ),
  );
  return apart(await Promise.all(all));
}

export function incidentSummary(partition: Partition, incident: Incident): IncidentSummary {
  const { id, identity, severity, status, openedAt, closedAt, closedBecause } = incident;
  const plans = plansOf(partition, id).map((plan) => ({ plan, stages: stageSummaries(partition, plan) }));
  const stages = plans.flatMap((one) => one.stages);
  const waits = plans.flatMap(({ plan, stages: own }) =>
    own
      .filter((stage) => stage.status === "waiting")
      .map(({ stage, askedAt, expiresAt }) => {
        return { planId: plan.id, playbook: plan.playbook, stage, since: askedAt, expiresAt };
      }),
  );
  return {
    id,
    identity: shownIdentity(partition, identity),
    topic: topicOfKey(partition.key),
    severity,
    status,
    contained: stages.some(
      (one) => one.stage === "contain" && one.status === "done" && one.verification === "verified",
    ),
    retirement: retirementOf(partition, id),
    openedAt,
    closedAt,
    closedBecause,
    findings: readAll(partition, "finding|", FindingRow).filter(({ value }) => value.incidentId === id).length,
    plans: plans.length,
    waits,
  };
}

/** A row that cannot be read says nothing, and must not keep the incident from being shown. */
function retirementOf(partition: Partition, incidentId: string): RetirementState | null {
  const row = Retirement.safeParse(partition.rows.get(rowKey.retirement)?.value).data;
  return row?.incidentId === incidentId ? row.state : null;
}
