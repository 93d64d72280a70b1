/** How an incident stands now, for the head of its thread: as its rows say, whatever the newest notice is about. */
import { Incident } from "../../domain/incident.ts";
import type { Plan, StageName } from "../../domain/plan.ts";
import type { Notice, Standing } from "../../ports/outbox.ts";
import { type Partition, read } from "./partition.ts";
import { plansOf, stageRow, stagesOf } from "./plans.ts";
import { IdentityRecord, rowKey, type StageRow } from "./rows.ts";

/** `about`: any notice of the thread. Rows that cannot be read keep nobody from being told. */
export function standingOf(partition: Partition, about: Notice): Standing {
  try {
    return standingIn(partition, about);
  } catch {
    const waits = ["a stored row of this identity is not of its shape: see the log"];
    return { status: "open", severity: about.severity, identity: about.identity, claimedName: null, waits };
  }
}

function standingIn(partition: Partition, about: Notice): Standing {
  const { incidentId } = about;
  const incident = incidentId === null ? null : read(partition, rowKey.incident(incidentId), Incident);
  const claimedName = read(partition, rowKey.identity, IdentityRecord)?.claimedName ?? null;
  const stages = incident === null ? [] : allStages(partition, incident.id);
  return {
    status: statusOf(incident, stages),
    severity: incident?.severity ?? about.severity,
    identity: about.identity,
    claimedName,
    waits: stages.flatMap(({ plan, stage, row }) => waitOf(plan, stage, row)),
  };
}

interface Stage {
  readonly plan: Plan;
  readonly stage: StageName;
  readonly row: StageRow;
}

function allStages(partition: Partition, incidentId: string): readonly Stage[] {
  return plansOf(partition, incidentId).flatMap((plan) =>
    stagesOf(plan).map((stage) => ({ plan, stage, row: stageRow(partition, plan.id, stage) })),
  );
}

/** Contained is what two reads agreed on, or a refused sign-in, and nobody took back since. */
function statusOf(incident: Incident | null, stages: readonly Stage[]): Standing["status"] {
  if (incident === null) return "none";
  if (incident.status === "closed") return "closed";
  const isContained = stages.some(
    ({ stage, row }) => stage === "contain" && row.status === "done" && row.verification?.state === "verified",
  );
  return isContained ? "contained" : "open";
}

function waitOf({ id, playbook }: Plan, stage: StageName, { status, people, expiresAt }: StageRow): readonly string[] {
  if (status !== "waiting") return [];
  const whom = people === 2 ? "two people" : "a person";
  return [`${stage} of ${playbook} (plan ${id}) waits for ${whom} until ${expiresAt ?? "its time is over"}`];
}
