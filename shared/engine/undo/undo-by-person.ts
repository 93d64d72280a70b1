/** A person takes back what a plan did, as a whole or one step of it: a signed plan of its own, which the writer runs like any other. */
import type { DueMessage } from "../../domain/due.ts";
import { TerminalError } from "../../domain/errors.ts";
import { hashId } from "../../domain/ids.ts";
import { Incident } from "../../domain/incident.ts";
import type { Deed } from "../../domain/ledger.ts";
import { hasEnded, type Plan, type PlannedStep } from "../../domain/plan.ts";
import { idsOf } from "../../guardrails/guardrail.ts";
import { isoAt } from "../../ports/clock.ts";
import { type FoundPlan, findPlan, type PersonsWord, type TableServices } from "../people/find-plan.ts";
import { whyOutranked } from "../people/outranked.ts";
import { publishedAgainMs, putDue } from "../rows/due.ts";
import { historyMs } from "../rows/expiry.ts";
import { Draft, type Partition, read } from "../rows/partition.ts";
import { plansOf, readPlan, stageRow } from "../rows/plans.ts";
import { newStage, rowKey } from "../rows/rows.ts";
import { planMade } from "../rows/step-deeds.ts";
import { isOwnDisable } from "./own-disables.ts";
import { type Takeable, type UndoScope, undoScope } from "./undo-scope.ts";

/** What a person sees before it runs. */
export interface UndoPreview extends Omit<UndoScope, "takes"> {
  readonly planId: string;
  /** in the order in which they will be taken back */
  readonly takes: readonly {
    readonly index: number;
    readonly action: string;
    /** ISO 8601 UTC, of the change */
    readonly at: string | null;
    /** what was sent then */
    readonly requests: readonly string[];
  }[];
}

/** `only`: index of the one step that is meant; null: all. Throws TerminalError when there is nothing (more) to take back. */
export async function previewUndo(
  services: TableServices,
  found: FoundPlan,
  only: number | null,
): Promise<UndoPreview> {
  return previewOf(found, (await asking(services, found, only)).scope);
}

function previewOf({ stored }: FoundPlan, { takes, ...rest }: UndoScope): UndoPreview {
  const shown = takes.map(({ index, action, row }) => ({
    index,
    action: action.id,
    at: row.outcome?.at ?? row.intendedAt,
    requests: row.requests,
  }));
  return { planId: stored.plan.id, takes: shown, ...rest };
}

export interface RequestedUndo {
  readonly by: string;
  readonly reason: string;
  /** the undo's own plan */
  readonly planId: string;
  readonly undoes: UndoPreview;
}

const tries = 3;

/**
 * Signs the undo as a plan and wakes the writer. Works while the kill switch is on; needs one person. Throws TerminalError when
 * there is nothing (more) to take back, `outranked` where more than our own disable would come back, or when the rows never stood still.
 */
export async function requestUndo(
  services: TableServices,
  found: FoundPlan,
  word: PersonsWord,
  only: number | null = null,
): Promise<RequestedUndo> {
  let latest = found;
  for (let i = 0; i < tries; i++) {
    const asked = await asking(services, latest, only);
    refuseGranting(services, latest, word, asked.scope);
    const plan = undoPlanOf(services, latest, word, asked);
    if (await write(services, latest.partition, plan)) {
      const { by, reason } = word;
      return { by, reason, planId: plan.id, undoes: previewOf(latest, asked.scope) };
    }
    // a finding was filed, or the writer moved a stage, at this very moment
    latest = await findPlan(services, found.stored.plan.id);
  }
  throw new TerminalError("others changed the same rows at the same moments; ask again", { code: "conflict" });
}

/** What was taken from an identity that outranks the caller is not theirs to grant again. Without roles it is our own machinery that asks. */
function refuseGranting(
  services: TableServices,
  { partition, stored }: FoundPlan,
  { roles }: PersonsWord,
  { takes }: UndoScope,
): void {
  if (roles === undefined || takes.every(({ step }) => isOwnDisable(step))) return;
  const why = whyOutranked(services, partition, { roles }, idsOf(stored.plan.identity));
  if (why === null) return;
  const own = "what we switched off alone, by the index of its step, is an operator's to take back";
  throw new TerminalError(`${why}; ${own}`, { code: "outranked" });
}

interface Asking {
  readonly scope: UndoScope;
  /** undo plans of this plan that were signed before */
  readonly earlier: readonly Plan[];
}

async function asking(services: TableServices, found: FoundPlan, only: number | null): Promise<Asking> {
  const { partition, stored } = found;
  const { plan } = stored;
  if (only !== null && plan.steps[only] === undefined) {
    const last = plan.steps.length - 1;
    throw new TerminalError(`plan ${plan.id} has no step of index ${only}; its steps go from 0 to ${last}`, {
      code: "no-such-step",
    });
  }
  const earlier = await undosOf(services, partition, plan);
  const underWay = earlier.filter(({ id }) => !hasEnded(stageRow(partition, id, "undo").status));
  const busy = new Set(underWay.flatMap(({ steps }) => steps.flatMap(({ undoes }) => undoes?.index ?? [])));
  const scope = undoScope(partition, plan, only, busy);
  const [other] = underWay;
  if (scope.takes.length > 0) return { scope, earlier };
  if (other === undefined) throw nothingToTakeBack(plan, scope);
  throw new TerminalError(`it is being taken back already, by plan ${other.id}, as ${other.requestedBy} asked`, {
    code: "under-way",
  });
}

function nothingToTakeBack(plan: Plan, { stays }: UndoScope): TerminalError {
  const isUndo = plan.steps.some(({ undoes }) => undoes !== null);
  const why = isUndo ? "; it is an undo itself" : stays.length > 0 ? `; this stays: ${stays.join("; ")}` : "";
  return new TerminalError(`plan ${plan.id} has done nothing that could be taken back${why}`, { code: "nothing-done" });
}

/** Whoever edits the tables must not be able to keep us from an undo by a plan that nobody signed. */
async function undosOf({ signer }: TableServices, partition: Partition, plan: Plan): Promise<readonly Plan[]> {
  const likely = plansOf(partition, plan.incidentId).filter(({ steps }) =>
    steps.some(({ undoes }) => undoes?.planId === plan.id),
  );
  const stored = await Promise.all(likely.map(({ id }) => readPlan(partition, id, signer)));
  return stored.flatMap((one) => (one === null || one === "altered" ? [] : [one.plan]));
}

function undoPlanOf(
  services: TableServices,
  found: FoundPlan,
  { by, reason }: PersonsWord,
  { scope, earlier }: Asking,
): Plan {
  const { plan } = found.stored;
  const at = isoAt(services.clock.now());
  const incident = read(found.partition, rowKey.incident(plan.incidentId), Incident);
  return {
    id: hashId(plan.id, "undo", String(earlier.length)),
    incidentId: plan.incidentId,
    identity: plan.identity,
    playbook: "undo",
    version: 1,
    ordinal: incident?.nextOrdinal ?? plan.ordinal + 1,
    findingIds: plan.findingIds,
    requestedBy: by,
    createdAt: at,
    notBefore: at,
    steps: scope.takes.map((one) => undoStep(plan.id, one, reason)),
  };
}

function undoStep(planId: string, { index, step }: Takeable, reason: string): PlannedStep {
  const { action, parameters } = step;
  const undoes = { planId, index };
  return { action, parameters, stage: "undo", need: "required", onFailure: "continue", reason, undoes };
}

/**
 * Due row first, for some time after the commit: a crash in between leaves a wake-up that finds nothing, never a plan that
 * nobody runs. Once it can be read it is due now. False: somebody changed the rows meanwhile.
 */
async function write(services: TableServices, partition: Partition, plan: Plan): Promise<boolean> {
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
  return {
    chain: incidentId,
    at: createdAt,
    event: "undo.requested",
    by: requestedBy,
    message: `${requestedBy} takes back ${undoes.length} changes of plan ${undoes[0]?.planId}: ${reason}`,
    data: { planId: id, undoes, reason },
  };
}
