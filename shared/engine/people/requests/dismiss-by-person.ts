/** A person dismisses an incident: it is closed, and nobody is asked about it any more. What was done stays done, and is named. */
import type { Caller } from "../../../domain/caller.ts";
import { TerminalError } from "../../../domain/errors.ts";
import { Incident } from "../../../domain/incident.ts";
import { hasEnded, type StageName } from "../../../domain/plan.ts";
import { idsOf } from "../../../guardrails/guardrail.ts";
import { isoAt } from "../../../ports/clock.ts";
import { closeOpen, openIn } from "../../incident/close-open.ts";
import { findingsOf } from "../../incident/plan-findings.ts";
import { putDue } from "../../rows/due.ts";
import { loadPartition, type Partition, read } from "../../rows/partition.ts";
import { plansOf, stageRow, stagesOf } from "../../rows/plans.ts";
import { rowKey } from "../../rows/rows.ts";
import { undoScope } from "../../undo/undo-scope.ts";
import { dueNow, isBeingRetired } from "../../unused/life/wake-retirement.ts";
import type { PersonsWord, TableServices } from "../find-plan.ts";
import { refuseOutranked } from "../outranked.ts";

export type DismissalWord = Pick<PersonsWord, "by" | "reason"> & Pick<Caller, "roles">;

export interface Dismissed {
  readonly incident: Incident;
  /** stages that nobody is asked about any more */
  readonly cancelled: readonly { readonly planId: string; readonly playbook: string; readonly stage: StageName }[];
  /** plans that changed something, which stays until somebody takes it back */
  readonly stays: readonly { readonly planId: string; readonly playbook: string; readonly steps: number }[];
}

const tries = 4;

/** By incident id. Throws TerminalError when there is none. */
async function partitionOfIncident({ stores }: TableServices, incidentId: string): Promise<Partition> {
  for await (const { identity, row } of stores.identities.list(rowKey.incident(incidentId))) {
    if (row.key === rowKey.incident(incidentId)) return loadPartition(stores.identities, identity);
  }
  throw new TerminalError(`there is no incident ${incidentId}`, { code: "no-such-incident" });
}

/** Throws TerminalError when it is closed, when something is being written or arrived meanwhile, or when the identity outranks them. */
export async function dismissIncident(
  services: TableServices,
  incidentId: string,
  word: DismissalWord,
): Promise<Dismissed> {
  let known: number | null = null;
  for (let i = 0; i < tries; i++) {
    const partition = await partitionOfIncident(services, incidentId);
    const seen = findingsOf(partition, incidentId).length;
    if (known !== null && seen !== known) {
      const message =
        "something new came up at this very moment, and nobody has seen it yet; look at the incident again";
      throw new TerminalError(message, { code: "new-evidence" });
    }
    known = seen;
    const dismissed = await dismissIn(services, partition, incidentId, word);
    if (dismissed !== null) return dismissed;
  }
  throw new TerminalError("others changed the same rows at the same moments; ask again", { code: "conflict" });
}

/** Null: somebody changed the rows at this moment. */
async function dismissIn(
  services: TableServices,
  partition: Partition,
  incidentId: string,
  { by, reason, roles }: DismissalWord,
): Promise<Dismissed | null> {
  const open = openIn(partition);
  if (open === null || open.incident.id !== incidentId) throw closedAlready(partition, incidentId);
  const refs = [open.incident.identity, ...plansOf(partition, incidentId).map(({ identity }) => identity)];
  refuseOutranked(services, partition, { roles }, refs.flatMap(idsOf));
  refuseWhileWriting(partition, incidentId);
  const cancelled = openStages(partition, incidentId);
  const stays = plansOf(partition, incidentId)
    .map((plan) => ({ planId: plan.id, playbook: plan.playbook, steps: undoScope(partition, plan, null).takes.length }))
    .filter(({ steps }) => steps > 0);
  const said = `${by} dismissed it: ${reason}`;
  const deed = {
    chain: incidentId,
    at: isoAt(services.clock.now()),
    event: "decision.given",
    by,
    message: said,
    data: { decision: "dismiss", reason, cancelled, stays },
  };
  await putDue(services, { kind: "deliver", identity: partition.key }, services.clock.now());
  const isClosed = await closeOpen(services, partition, open, said, { urgency: "chat" }, deed);
  if (isClosed && isBeingRetired(partition, incidentId)) await dueNow(services, partition);
  const incident = read(partition, rowKey.incident(incidentId), Incident);
  return isClosed && incident !== null ? { incident, cancelled, stays } : null;
}

function closedAlready(partition: Partition, incidentId: string): TerminalError {
  const incident = read(partition, rowKey.incident(incidentId), Incident);
  const why = incident?.closedAt == null ? "" : ` at ${incident.closedAt}: ${incident.closedBecause}`;
  return new TerminalError(`incident ${incidentId} was closed already${why}`, { code: "incident-closed" });
}

function openStages(partition: Partition, incidentId: string): Dismissed["cancelled"] {
  return plansOf(partition, incidentId).flatMap((plan) =>
    stagesOf(plan)
      .filter((stage) => !hasEnded(stageRow(partition, plan.id, stage).status))
      .map((stage) => ({ planId: plan.id, playbook: plan.playbook, stage })),
  );
}

/** What was begun comes to its end first, and so does what somebody wants to have back. */
function refuseWhileWriting(partition: Partition, incidentId: string): void {
  const busy = openStages(partition, incidentId).find(
    ({ planId, stage }) => stage === "undo" || stageRow(partition, planId, stage).status === "running",
  );
  if (busy === undefined) return;
  const { planId, stage } = busy;
  const next =
    stage === "undo"
      ? "dismiss it when that has ended"
      : "wait for its end, or cancel the plan first, and dismiss it then";
  throw new TerminalError(`the ${stage} stage of plan ${planId} is being written; ${next}`, { code: "being-written" });
}
