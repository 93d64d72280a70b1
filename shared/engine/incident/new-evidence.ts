/**
 * Is a finding that was seen before new evidence? The same risk is written again and again, and most of that says nothing new.
 * But what is seen again after its incident closed, or after a plan made of it ended without doing anything, must not be lost.
 */
import type { Finding } from "../../domain/finding.ts";
import { hashId } from "../../domain/ids.ts";
import { Incident } from "../../domain/incident.ts";
import type { StageStatus } from "../../domain/plan.ts";
import { isOwnConfirmation, ownConfirmationAt } from "../evidence/own-confirmation.ts";
import { type Partition, read } from "../rows/partition.ts";
import { plansOf, stageRow, stagesOf } from "../rows/plans.ts";
import { FindingRow, IdentityRecord, rowKey } from "../rows/rows.ts";

/** Null: seen before, or our own echo. New evidence gets an id of its own, the same for every record that tells of it. */
export function asNewEvidence(partition: Partition, finding: Finding): Finding | null {
  if (isOwnEcho(partition, finding)) return null;
  let { id } = finding;
  for (let known = findingRow(partition, id); known !== null; known = findingRow(partition, id)) {
    const spent = spentBy(partition, known, finding.warrant.activityAt);
    if (spent === null) return null;
    id = hashId(id, spent);
  }
  return { ...finding, id };
}

function findingRow(partition: Partition, id: string): FindingRow | null {
  return read(partition, rowKey.finding(id), FindingRow);
}

/** A person who denied a plan, or a stage whose work is done, has answered the finding. */
const unanswered: ReadonlySet<StageStatus> = new Set(["blocked", "expired", "failed", "undone"]);

/** The incident or plan that ended between the known finding and what was seen now; null: the finding still stands. */
function spentBy(partition: Partition, { incidentId, finding }: FindingRow, seenAt: string): string | null {
  const incident = incidentId === null ? null : read(partition, rowKey.incident(incidentId), Incident);
  if (incident === null) return null;
  if (incident.closedAt !== null) return seenAt > incident.closedAt ? incident.id : null;
  const plan = plansOf(partition, incident.id).find((one) =>
    stagesOf(one).some((stage) => {
      const { status, endedAt } = stageRow(partition, one.id, stage);
      return (
        stage !== "undo" &&
        unanswered.has(status) &&
        endedAt !== null &&
        endedAt >= finding.receivedAt &&
        endedAt < seenAt
      );
    }),
  );
  return plan?.id ?? null;
}

function isOwnEcho(partition: Partition, { details, warrant }: Finding): boolean {
  const record = read(partition, rowKey.identity, IdentityRecord);
  if (details.about !== "risk" || record?.openIncidentId == null) return false;
  return isOwnConfirmation(details, warrant.raisedAt, ownConfirmationAt(partition, record.openIncidentId));
}
