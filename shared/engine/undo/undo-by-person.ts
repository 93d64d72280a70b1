/** A person takes back what a plan did, as a whole or one step of it: a signed plan of its own, which the writer runs like any other. */
import { TerminalError } from "../../domain/errors.ts";
import { hasEnded, type Plan } from "../../domain/plan.ts";
import { type FoundPlan, findPlan, type PersonsWord, type TableServices } from "../people/find-plan.ts";
import { stageRow } from "../rows/plans.ts";
import { refuseGranting, type Taken, undoPlanOf, undosOf, writeUndo } from "./undo-plan.ts";
import { type UndoScope, undoScope } from "./undo-scope.ts";

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
    const { partition, stored } = latest;
    refuseGranting(services, partition, stored.plan.identity, word, asked.scope.takes);
    const plan = undoPlanOf(
      services,
      partition,
      stored.plan,
      word,
      takesOf(asked.scope, stored.plan.id),
      asked.earlier,
    );
    if (await writeUndo(services, partition, plan)) {
      const { by, reason } = word;
      return { by, reason, planId: plan.id, undoes: previewOf(latest, asked.scope) };
    }
    // a finding was filed, or the writer moved a stage, at this very moment
    latest = await findPlan(services, found.stored.plan.id);
  }
  throw new TerminalError("others changed the same rows at the same moments; ask again", { code: "conflict" });
}

function takesOf({ takes }: UndoScope, planId: string): readonly Taken[] {
  return takes.map((one) => ({ ...one, planId }));
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
  const earlier = await undosOf(services, partition, plan.incidentId, [plan.id]);
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
