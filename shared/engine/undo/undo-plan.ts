/** The plan that takes changes back, of one plan or of several: signed, written and due like any other. */
import type { DueMessage } from "../../domain/due.ts";
import { TerminalError } from "../../domain/errors.ts";
import type { IdentityRef } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import { Incident } from "../../domain/incident.ts";
import type { Deed } from "../../domain/ledger.ts";
import type { Plan, PlannedStep } from "../../domain/plan.ts";
import { idsOf } from "../../guardrails/guardrail.ts";
import { isoAt } from "../../ports/clock.ts";
import type { PersonsWord, TableServices } from "../people/find-plan.ts";
import { whyOutranked } from "../people/outranked.ts";
import { publishedAgainMs, putDue } from "../rows/due.ts";
import { historyMs } from "../rows/expiry.ts";
import { Draft, type Partition, read } from "../rows/partition.ts";
import { plansOf, readPlan } from "../rows/plans.ts";
import { newStage, rowKey } from "../rows/rows.ts";
import { planMade } from "../rows/step-deeds.ts";
import { isOwnDisable } from "./own-disables.ts";
import type { Takeable } from "./undo-scope.ts";

export interface Taken extends Takeable {
  /** the plan that did it */
  readonly planId: string;
}

/** What was taken from an identity that outranks the caller is not theirs to grant again. Without roles it is our own machinery that asks. */
export function refuseGranting(
  services: TableServices,
  partition: Partition,
  identity: IdentityRef,
  { roles }: PersonsWord,
  takes: readonly Takeable[],
): void {
  if (roles === undefined || takes.every(({ step }) => isOwnDisable(step))) return;
  const why = whyOutranked(services, partition, { roles }, idsOf(identity));
  if (why === null) return;
  const own = "what we switched off alone, by the index of its step, is an operator's to take back";
  throw new TerminalError(`${why}; ${own}`, { code: "outranked" });
}

/** Whoever edits the tables must not be able to keep us from an undo by a plan that nobody signed. */
export async function undosOf(
  { signer }: TableServices,
  partition: Partition,
  incidentId: string,
  planIds: readonly string[],
): Promise<readonly Plan[]> {
  const likely = plansOf(partition, incidentId).filter(({ steps }) =>
    steps.some(({ undoes }) => undoes !== null && planIds.includes(undoes.planId)),
  );
  const stored = await Promise.all(likely.map(({ id }) => readPlan(partition, id, signer)));
  return stored.flatMap((one) => (one === null || one === "altered" ? [] : [one.plan]));
}

/** `of`: the plan that is taken back, or the newest of them. `takes`: in the order in which they are taken back. */
export function undoPlanOf(
  { clock }: TableServices,
  partition: Partition,
  of: Plan,
  { by, reason }: PersonsWord,
  takes: readonly Taken[],
  earlier: readonly Plan[],
): Plan {
  const at = isoAt(clock.now());
  const incident = read(partition, rowKey.incident(of.incidentId), Incident);
  return {
    id: hashId(of.id, "undo", String(earlier.length)),
    incidentId: of.incidentId,
    identity: of.identity,
    playbook: "undo",
    version: 1,
    ordinal: incident?.nextOrdinal ?? of.ordinal + 1,
    findingIds: of.findingIds,
    requestedBy: by,
    createdAt: at,
    notBefore: at,
    steps: takes.map((one) => undoStep(one, reason)),
  };
}

function undoStep({ planId, index, step }: Taken, reason: string): PlannedStep {
  const { action, parameters } = step;
  const undoes = { planId, index };
  return { action, parameters, stage: "undo", need: "required", onFailure: "continue", reason, undoes };
}

/**
 * Due row first, for some time after the commit: a crash in between leaves a wake-up that finds nothing, never a plan that
 * nobody runs. Once it can be read it is due now. False: somebody changed the rows meanwhile.
 */
export async function writeUndo(services: TableServices, partition: Partition, plan: Plan): Promise<boolean> {
  const { clock, signer, stores } = services;
  const payload = JSON.stringify(plan);
  const signature = await signer.sign(payload);
  const now = clock.now();
  const draft = new Draft(partition)
    .put(rowKey.plan(plan.id), { payload, signature }, now + historyMs)
    .put(rowKey.stage(plan.id, "undo"), newStage, now + historyMs);
  draft.record(undoRequested(plan)).record(planMade(plan, hashId(payload)));
  const incident = read(partition, rowKey.incident(plan.incidentId), Incident);
  if (incident !== null) {
    draft.put(rowKey.incident(incident.id), { ...incident, nextOrdinal: plan.ordinal + 1 }, now + historyMs);
  }
  const message: DueMessage = {
    kind: "stage",
    identity: partition.key,
    planId: plan.id,
    stage: "undo",
    verifies: false,
  };
  await putDue(services, message, now + publishedAgainMs);
  if (!(await draft.commit(stores.identities))) return false;
  await putDue(services, message, now);
  return true;
}

/** What the person said, before the plan that follows from it. */
function undoRequested({ id, incidentId, requestedBy, createdAt, steps }: Plan): Deed {
  const undoes = steps.flatMap((step) => step.undoes ?? []);
  const reason = steps[0]?.reason ?? "";
  const planIds = [...new Set(undoes.map(({ planId }) => planId))];
  return {
    chain: incidentId,
    at: createdAt,
    event: "undo.requested",
    by: requestedBy,
    message: `${requestedBy} takes back ${undoes.length} changes of plan ${planIds.join(", ")}: ${reason}`,
    data: { planId: id, undoes, reason },
  };
}
