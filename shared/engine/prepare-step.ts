/** What a step means now: nothing to do, not known, or exactly these requests. Asserted against a snapshot of this moment. */
import type { z } from "zod";
import type { Action } from "../actions/action.ts";
import { describeError, RetryableError } from "../domain/errors.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { ApiRequest } from "../ports/tenant.ts";
import { askAll, bodiesOf, type Facts, snapshotOf } from "./read-facts.ts";
import { actionOf } from "./registry.ts";
import type { StageContext } from "./stage-context.ts";

export type Prepared =
  | { readonly state: "not-applicable"; readonly reason: string }
  | { readonly state: "in-place" }
  | {
      readonly state: "unknown";
      readonly reason: string;
      readonly retryable: boolean;
      readonly retryAfterMs: number | null;
    }
  | {
      readonly state: "ready";
      readonly action: Action;
      readonly requests: readonly ApiRequest[];
      readonly touches: readonly string[];
      readonly receipt: unknown;
      readonly irreversible: boolean;
    };

/** The contain stage acts on the stage's own snapshot; an irreversible step looks again, just before. */
export async function prepareStep(context: StageContext, facts: Facts, step: PlannedStep): Promise<Prepared> {
  const action = actionOf(step.action);
  const parsed = action.parameters.safeParse(step.parameters);
  if (!parsed.success) {
    return { state: "unknown", reason: `the parameters do not fit ${action.id}`, retryable: false, retryAfterMs: null };
  }
  if (!action.appliesTo(facts.kind)) {
    return { state: "not-applicable", reason: `${action.id} does not apply to a ${facts.kind} identity` };
  }
  const reads = action.reads(parsed.data, facts);
  const isKnown = reads.every((read) => facts.bodies.has(read.path));
  const isFresh = action.impact(facts.kind) === "reversible" && isKnown;
  try {
    return isFresh
      ? interpret(action, parsed.data, facts)
      : await lookAndInterpret(context, action, parsed.data, facts);
  } catch (error) {
    // a body of another shape, or two replicas that differ: unknown, and unknown is no write
    return {
      state: "unknown",
      reason: describeError(error),
      retryable: error instanceof RetryableError,
      retryAfterMs: null,
    };
  }
}

async function lookAndInterpret(
  context: StageContext,
  action: Action,
  parameters: z.output<z.ZodType>,
  facts: Facts,
): Promise<Prepared> {
  const answers = await askAll(context.writer.services, action.reads(parameters, facts));
  for (const [request, answer] of answers) {
    if (answer.ok || answer.status === 404) continue;
    const reason = `${request.path.split("?")[0]} could not be read: ${answer.code}`;
    return { state: "unknown", reason, retryable: answer.retryable, retryAfterMs: answer.retryAfterMs };
  }
  return interpret(action, parameters, facts, bodiesOf(answers));
}

function interpret(
  action: Action,
  parameters: z.output<z.ZodType>,
  facts: Facts,
  fresh?: ReadonlyMap<string, unknown>,
): Prepared {
  const snapshot = snapshotOf(facts, fresh);
  if (action.isInPlace(parameters, snapshot)) return { state: "in-place" };
  const requests = action.requests(parameters, snapshot);
  if (requests.length === 0) {
    return { state: "unknown", reason: "the object is not there", retryable: false, retryAfterMs: null };
  }
  const receipt = action.keep(parameters, snapshot);
  const touches = action.touches?.(parameters, snapshot) ?? [];
  const irreversible = action.impact(facts.kind) === "irreversible";
  return { state: "ready", action, requests, touches, receipt, irreversible };
}
