/** Closes an identity's open incident, with whatever of it has not begun: one commit that says why. */
import { Incident } from "../../domain/incident.ts";
import type { Deed } from "../../domain/ledger.ts";
import { hasEnded } from "../../domain/plan.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { historyMs } from "../rows/expiry.ts";
import { nameUnder, type Told, tell } from "../rows/notices.ts";
import { Draft, type Partition, read } from "../rows/partition.ts";
import { plansOf, stageRow, stagesOf } from "../rows/plans.ts";
import { IdentityRecord, rowKey } from "../rows/rows.ts";

export interface Open {
  readonly incident: Incident;
  readonly record: IdentityRecord;
}

/** Null: nothing is open. */
export function openIn(partition: Partition): Open | null {
  const record = read(partition, rowKey.identity, IdentityRecord);
  const incident =
    record?.openIncidentId == null ? null : read(partition, rowKey.incident(record.openIncidentId), Incident);
  return record === null || incident === null ? null : { incident, record };
}

/** False: somebody else changed the rows, and nothing was written. What was done stays done. `deed`: what a person did by it. */
export async function closeOpen(
  { clock, stores }: Pick<Services, "clock" | "stores">,
  partition: Partition,
  open: Open,
  closedBecause: string,
  loudness: Pick<Told, "severity" | "urgency"> = {},
  deed: Deed | null = null,
): Promise<boolean> {
  const draft = new Draft(partition);
  if (deed !== null) draft.record(deed);
  draftClosing(draft, open, closedBecause, clock.now(), loudness);
  return draft.commit(stores.identities);
}

/** The same, into a change that says more. */
export function draftClosing(
  draft: Draft,
  { incident, record }: Open,
  closedBecause: string,
  now: number,
  loudness: Pick<Told, "severity" | "urgency"> = {},
): void {
  const cancelled = cancelOpen(draft, incident, closedBecause, now);
  draft.put(
    rowKey.incident(incident.id),
    { ...incident, status: "closed", closedAt: isoAt(now), closedBecause } satisfies Incident,
    now + historyMs,
  );
  draft.put(rowKey.identity, { ...record, openIncidentId: null } satisfies IdentityRecord, now + historyMs);
  const who = nameUnder(draft.partition.key, incident.identity, record.claimedName);
  const said = cancelled.length === 0 ? "" : `; nobody is asked any more about ${cancelled.join(", ")}`;
  tell(
    draft,
    {
      event: "incident.closed",
      about: [incident.id],
      identity: incident.identity,
      incidentId: incident.id,
      message: `Closed: ${who}: ${closedBecause}${said}`,
      data: { closedBecause, cancelled },
      ...loudness,
    },
    now,
  );
}

/** One phrase each: the playbook and its stage. */
function cancelOpen(draft: Draft, { id }: Incident, reason: string, now: number): readonly string[] {
  return plansOf(draft.partition, id).flatMap((plan) =>
    stagesOf(plan).flatMap((stage) => {
      const row = stageRow(draft.partition, plan.id, stage);
      if (hasEnded(row.status)) return [];
      const ended = { ...row, status: "cancelled" as const, reasons: [reason], endedAt: isoAt(now) };
      draft.put(rowKey.stage(plan.id, stage), ended, now + historyMs);
      return [`${plan.playbook}: ${stage}`];
    }),
  );
}
