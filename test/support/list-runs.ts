/** Every plan and where it stands, as the rows say it: what tests look at. */
import { Incident } from "../../shared/domain/incident.ts";
import type { Plan, StageName } from "../../shared/domain/plan.ts";
import type { TableServices } from "../../shared/engine/people/find-plan.ts";
import { lostBy } from "../../shared/engine/people/report/steps.ts";
import { actions } from "../../shared/engine/registry.ts";
import { loadPartition, type Partition, read, readAll } from "../../shared/engine/rows/partition.ts";
import { type IndexedStep, plansOf, stageRow, stagesOf, stepRow, stepsOf } from "../../shared/engine/rows/plans.ts";
import { FindingRow, IdentityRecord, rowKey, type StageRow, type StepRow } from "../../shared/engine/rows/rows.ts";

export interface RunStage extends StageRow {
  readonly stage: StageName;
  readonly steps: readonly (StepRow & {
    /** over the whole plan */
    readonly index: number;
    readonly action: string;
    readonly parameters: unknown;
    readonly need: string;
    /** why the playbook plans it */
    readonly why: string;
    /** what of it never comes back, one phrase each */
    readonly lost: readonly string[];
  })[];
}

export interface Run {
  readonly planId: string;
  readonly identity: string;
  readonly claimedName: string | null;
  readonly incidentId: string;
  readonly playbook: string;
  readonly createdAt: string;
  readonly requestedBy: string;
  readonly findings: readonly {
    readonly detection: string;
    readonly title: string;
    readonly recordId: string;
    readonly at: string;
  }[];
  readonly stages: readonly RunStage[];
}

function runOf(partition: Partition, plan: Plan): Run {
  const findings = readAll(partition, "finding|", FindingRow).map(({ value }) => value.finding);
  return {
    planId: plan.id,
    identity: partition.key,
    claimedName: read(partition, rowKey.identity, IdentityRecord)?.claimedName ?? null,
    incidentId: plan.incidentId,
    playbook: plan.playbook,
    createdAt: plan.createdAt,
    requestedBy: plan.requestedBy,
    findings: findings
      .filter(({ id }) => plan.findingIds.includes(id))
      .map(({ detection, title, warrant }) => ({
        detection,
        title,
        recordId: warrant.recordId,
        at: warrant.activityAt,
      })),
    stages: stagesOf(plan).map((stage) => ({
      stage,
      ...stageRow(partition, plan.id, stage),
      steps: stepsOf(plan, stage).map((one) => stepOf(partition, plan, one)),
    })),
  };
}

function stepOf(partition: Partition, { id }: Plan, { index, step }: IndexedStep): RunStage["steps"][number] {
  const { action, parameters, need, reason } = step;
  const row = stepRow(partition, id, index);
  return { index, action, parameters, need, why: reason, lost: lostBy(actions.get(action), row), ...row };
}

/** Every plan of the tenant, newest first. A listing: it reads every identity that has a plan. */
export async function listRuns(services: TableServices): Promise<readonly Run[]> {
  const keys = new Set<string>();
  for await (const { identity } of services.stores.identities.list("plan|")) keys.add(identity);
  const partitions = await Promise.all([...keys].map((key) => loadPartition(services.stores.identities, key)));
  const runs = partitions.flatMap((partition) =>
    readAll(partition, "incident|", Incident).flatMap(({ id }) =>
      plansOf(partition, id).map((plan) => runOf(partition, plan)),
    ),
  );
  return runs.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}
