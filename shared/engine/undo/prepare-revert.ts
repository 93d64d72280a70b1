/** What taking a step back means now: exactly what its receipt holds, or a conflict. Nothing that somebody changed is overwritten. */
import type { z } from "zod";
import type { Action } from "../../actions/action.ts";
import { disableServicePrincipal } from "../../actions/disable-service-principal.ts";
import { describeError } from "../../domain/errors.ts";
import { refOfKey } from "../../domain/identity.ts";
import type { PlannedStep } from "../../domain/plan.ts";
import { containedBy } from "../evidence/own-changes.ts";
import type { StageContext } from "../judge/stage-context.ts";
import { actionOf } from "../registry.ts";
import { readPlan, stepRow } from "../rows/plans.ts";
import { isOurReceipt } from "../rows/receipts.ts";
import type { StepRow } from "../rows/rows.ts";
import { type Prepared, prepareStep } from "../run/prepare-step.ts";
import { type Facts, readFacts, snapshotOf } from "../snapshot/read-facts.ts";
import { readOn } from "../snapshot/read-on.ts";
import { mayHaveWritten } from "./undo-scope.ts";

export type PreparedAny =
  | Prepared
  /** somebody changed since what this step would change back */
  | { readonly state: "conflict"; readonly reason: string }
  /** what is read may still show the time before our own last write */
  | { readonly state: "lagging"; readonly reason: string };

/** A read this soon after our write may still show what was before it. */
const lagMs = 120_000;
const notHere: Pick<Extract<Prepared, { state: "unknown" }>, "state" | "retryable" | "retryAfterMs"> = {
  state: "unknown",
  retryable: false,
  retryAfterMs: null,
};

/** Any step of any plan. `changedAt`: epoch ms of the last change that this stage made; null: none yet. */
export async function prepareAny(
  context: StageContext,
  facts: Facts,
  step: PlannedStep,
  changedAt: number | null = null,
): Promise<PreparedAny> {
  if (step.undoes === null) return prepareStep(context, facts, step);
  const original = await originalOf(context, step);
  if (typeof original === "string") return { ...notHere, reason: original };
  try {
    return await prepareRevert(context, facts, original, changedAt);
  } catch (error) {
    // a body that is missing or of another shape: unknown, and unknown is no write
    return { ...notHere, retryable: facts.retryAfterMs !== null, reason: describeError(error) };
  }
}

/** The step that is to be taken back, as its signed plan says; or why it is not taken for one. */
export interface Original {
  readonly action: Action;
  readonly row: StepRow;
  /** it was done because nobody used the identity */
  readonly retires: boolean;
}

export async function originalOf(
  { writer, partition }: StageContext,
  { action, parameters, undoes }: PlannedStep,
): Promise<Original | string> {
  if (undoes === null) return "it takes no step back";
  const stored = await readPlan(partition, undoes.planId, writer.services.signer);
  if (stored === null || stored === "altered") return `plan ${undoes.planId} is not there as it was signed`;
  const step = stored.plan.steps[undoes.index];
  const isSame = step?.action === action && JSON.stringify(step.parameters) === JSON.stringify(parameters);
  if (!isSame || step.undoes !== null) return `plan ${undoes.planId} has no such step ${undoes.index}`;
  const row = stepRow(partition, undoes.planId, undoes.index);
  if (mayHaveWritten(row) && !(await isOurReceipt(writer.services.signer, undoes.planId, undoes.index, row))) {
    return `the receipt of step ${undoes.index + 1} of plan ${undoes.planId} was altered since: nothing is given back on its word`;
  }
  return { action: actionOf(action), row, retires: step.stage === "retire" };
}

async function prepareRevert(
  context: StageContext,
  facts: Facts,
  original: Original,
  changedAt: number | null,
): Promise<PreparedAny> {
  const { action, row } = original;
  if (row.outcome?.status === "reverted") return { state: "in-place" };
  const held = heldElsewhere(context, original);
  if (held !== null) return { state: "conflict", reason: held };
  if (!mayHaveWritten(row)) return { state: "not-applicable", reason: "nothing of ours is there to be taken back" };
  if (action.revert === undefined) return { ...notHere, reason: `${action.id} cannot be taken back` };
  const receipt = action.receipt.parse(row.receipt);
  const seen = await lookAgain(context, facts, action, receipt, changedAt);
  if ("state" in seen) return seen;
  const reversal = action.revert(receipt, snapshotOf(seen));
  const now = context.writer.services.clock.now();
  const isRecent = now - Date.parse(row.outcome?.at ?? row.intendedAt ?? "") < lagMs;
  // what this very stage put back a moment ago (a deleted object) may not be visible yet
  const mayPass = isRecent || (changedAt !== null && now - changedAt < lagMs);
  if ("conflict" in reversal) {
    return { state: mayPass ? "lagging" : "conflict", reason: reversal.conflict };
  }
  const { requests, missing = [] } = reversal;
  if (missing.length > 0 && mayPass) return { state: "lagging", reason: missing.join("; ") };
  if (requests.length > 0) {
    return { state: "ready", action, requests, touches: [], receipt: null, irreversible: false, missing };
  }
  return isRecent
    ? { state: "lagging", reason: "Graph shows it as it was before, perhaps because our own change is not visible yet" }
    : { state: "in-place", missing };
}

/** What is contained, too, is not enabled because somebody misses it. One sentence; null: nothing else holds it disabled. */
function heldElsewhere({ partition }: StageContext, { action, retires }: Original): string | null {
  const held = retires && action.id === disableServicePrincipal.id ? containedBy(partition) : null;
  return held === null ? null : `it is contained, too, by plan ${held.id}: its incident says when it is enabled again`;
}

/** What this stage changed itself (a restored object) is read again before the next step is judged by it. */
async function lookAgain(
  context: StageContext,
  facts: Facts,
  action: Action,
  receipt: z.output<z.ZodType>,
  changedAt: number | null,
): Promise<Facts | Extract<Prepared, { state: "unknown" }>> {
  const { services } = context.writer;
  const isStale = changedAt !== null && changedAt >= facts.readAt;
  const base = isStale ? await readFacts(services, refOfKey(context.partition.key)) : facts;
  if (base.servicePrincipal === undefined) {
    const reason = `unread: ${base.unread.join(", ")}`;
    return { state: "unknown", reason, retryable: true, retryAfterMs: base.retryAfterMs };
  }
  const read = await readOn(services, base, [(snapshot) => action.revertReads?.(receipt, snapshot) ?? []]);
  const [failure] = read.failures;
  if (failure === undefined || failure.answer.ok) return read.facts;
  const { code, retryable, retryAfterMs } = failure.answer;
  return {
    state: "unknown",
    reason: `${failure.request.path.split("?")[0]} could not be read: ${code}`,
    retryable,
    retryAfterMs,
  };
}
