/** An incident closes when every stage of every plan has ended and nothing came for the quiet time. A closed one never reopens. */
import type { DueMessage } from "../../domain/due.ts";
import { isDryRun } from "../../domain/finding.ts";
import type { Incident } from "../../domain/incident.ts";
import { hasEnded, type Plan } from "../../domain/plan.ts";
import type { Services } from "../../ports/services.ts";
import { done, isUnverified, type Next } from "../judge/stage-context.ts";
import { putDue } from "../rows/due.ts";
import { loadPartition, type Partition, read, readAll } from "../rows/partition.ts";
import { plansOf, stageRow, stagesOf } from "../rows/plans.ts";
import { FindingRow, IdentityRecord, rowKey } from "../rows/rows.ts";
import type { Writer } from "../run/writer.ts";
import { isBeingRetired } from "../unused/life/wake-retirement.ts";
import { closeOpen, openIn } from "./close-open.ts";
import { findingsOf } from "./plan-findings.ts";

type CloseMessage = Extract<DueMessage, { kind: "close" }>;

const lookAgainMs = 3600_000;
/** What that guardrail says, in its words (guardrails/already-remediated.ts). */
const remediatedPrefix = "already-remediated:";

/** When the last stage has ended: the incident is over by quiet time, and the writer looks then. */
export async function closeLater(services: Services, partition: Partition): Promise<void> {
  const record = read(partition, rowKey.identity, IdentityRecord);
  if (record?.openIncidentId == null || isBusy(partition, record.openIncidentId)) return;
  const wakeAt = services.clock.now() + quietMs(services, partition, record.openIncidentId);
  await putDue(services, { kind: "close", identity: partition.key }, wakeAt);
}

export async function closeIncident({ services }: Writer, message: CloseMessage): Promise<Next> {
  const partition = await loadPartition(services.stores.identities, message.identity);
  const open = openIn(partition);
  if (open === null) return { ...done, partition };
  const now = services.clock.now();
  if (isBeingRetired(partition, open.incident.id)) return { ...done, partition };
  if (isBusy(partition, open.incident.id)) return { wakeAt: now + lookAgainMs };
  const quietAt = lastSign(partition, open.incident) + quietMs(services, partition, open.incident.id);
  if (now < quietAt) return { wakeAt: quietAt };
  const isClosed = await closeOpen(services, partition, open, becauseOf(partition, open.incident.id));
  return isClosed ? { ...done, partition } : { wakeAt: now + 1_000 };
}

/** What only a dry run opened is over with it. */
function quietMs({ policy }: Services, partition: Partition, incidentId: string): number {
  return findingsOf(partition, incidentId).every(isDryRun) ? 0 : policy.incident.quietHours * 3600_000;
}

/** What is being retired stays open until that has come to its end, however quiet it is. */
function isBusy(partition: Partition, incidentId: string): boolean {
  if (isBeingRetired(partition, incidentId)) return true;
  return plansOf(partition, incidentId).some((plan) =>
    stagesOf(plan).some((stage) => {
      const row = stageRow(partition, plan.id, stage);
      return !hasEnded(row.status) || isUnverified(row);
    }),
  );
}

/** A dry run neither says why an incident is over nor keeps it open. */
function inEarnest(partition: Partition, incidentId: string): readonly Plan[] {
  return plansOf(partition, incidentId).filter(({ mode }) => mode !== "observe");
}

function becauseOf(partition: Partition, incidentId: string): string {
  const ended = "every stage has ended and nothing came since";
  const reasons = inEarnest(partition, incidentId).flatMap((plan) =>
    stagesOf(plan).flatMap((stage) => stageRow(partition, plan.id, stage).reasons),
  );
  const remediated = reasons.find((reason) => reason.startsWith(remediatedPrefix));
  return remediated === undefined ? ended : `${remediated.slice(remediatedPrefix.length).trim()}; ${ended}`;
}

function lastSign(partition: Partition, incident: Incident): number {
  const findings = readAll(partition, "finding|", FindingRow)
    .filter(({ value }) => value.incidentId === incident.id && !isDryRun(value.finding))
    .map(({ value }) => Date.parse(value.finding.receivedAt));
  const ended = inEarnest(partition, incident.id).flatMap((plan) =>
    stagesOf(plan).map((stage) => Date.parse(stageRow(partition, plan.id, stage).endedAt ?? incident.openedAt)),
  );
  return Math.max(Date.parse(incident.openedAt), ...findings, ...ended);
}
