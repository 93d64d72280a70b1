/** An incident closes when every stage of every plan has ended and nothing came for the quiet time. A closed one never reopens. */
import type { DueMessage } from "../../domain/due.ts";
import type { Incident } from "../../domain/incident.ts";
import { hasEnded } from "../../domain/plan.ts";
import type { Services } from "../../ports/services.ts";
import { done, isUnverified, type Next } from "../judge/stage-context.ts";
import { putDue } from "../rows/due.ts";
import { loadPartition, type Partition, read, readAll } from "../rows/partition.ts";
import { plansOf, stageRow, stagesOf } from "../rows/plans.ts";
import { FindingRow, IdentityRecord, rowKey } from "../rows/rows.ts";
import type { Writer } from "../run/writer.ts";
import { closeOpen, openIn } from "./close-open.ts";

type CloseMessage = Extract<DueMessage, { kind: "close" }>;

const lookAgainMs = 3600_000;
/** What that guardrail says, in its words (guardrails/already-remediated.ts). */
const remediatedPrefix = "already-remediated:";

/** When the last stage has ended: the incident is over by quiet time, and the writer looks then. */
export async function closeLater(services: Services, partition: Partition): Promise<void> {
  const record = read(partition, rowKey.identity, IdentityRecord);
  if (record?.openIncidentId == null || isBusy(partition, record.openIncidentId)) return;
  const wakeAt = services.clock.now() + services.policy.incident.quietHours * 3600_000;
  await putDue(services, { kind: "close", identity: partition.key }, wakeAt);
}

export async function closeIncident({ services }: Writer, message: CloseMessage): Promise<Next> {
  const partition = await loadPartition(services.stores.identities, message.identity);
  const open = openIn(partition);
  if (open === null) return { ...done, partition };
  const now = services.clock.now();
  if (isBusy(partition, open.incident.id)) return { wakeAt: now + lookAgainMs };
  const quietAt = lastSign(partition, open.incident) + services.policy.incident.quietHours * 3600_000;
  if (now < quietAt) return { wakeAt: quietAt };
  const isClosed = await closeOpen(services, partition, open, becauseOf(partition, open.incident.id));
  return isClosed ? { ...done, partition } : { wakeAt: now + 1_000 };
}

function isBusy(partition: Partition, incidentId: string): boolean {
  return plansOf(partition, incidentId).some((plan) =>
    stagesOf(plan).some((stage) => {
      const row = stageRow(partition, plan.id, stage);
      return !hasEnded(row.status) || isUnverified(row);
    }),
  );
}

function becauseOf(partition: Partition, incidentId: string): string {
  const ended = "every stage has ended and nothing came since";
  const reasons = plansOf(partition, incidentId).flatMap((plan) =>
    stagesOf(plan).flatMap((stage) => stageRow(partition, plan.id, stage).reasons),
  );
  const remediated = reasons.find((reason) => reason.startsWith(remediatedPrefix));
  return remediated === undefined ? ended : `${remediated.slice(remediatedPrefix.length).trim()}; ${ended}`;
}

function lastSign(partition: Partition, incident: Incident): number {
  const findings = readAll(partition, "finding|", FindingRow)
    .filter(({ value }) => value.incidentId === incident.id)
    .map(({ value }) => Date.parse(value.finding.receivedAt));
  const ended = plansOf(partition, incident.id).flatMap((plan) =>
    stagesOf(plan).map((stage) => Date.parse(stageRow(partition, plan.id, stage).endedAt ?? incident.openedAt)),
  );
  return Math.max(Date.parse(incident.openedAt), ...findings, ...ended);
}
