/** What a step means now: nothing to do, not known, or exactly these requests. Asserted against a snapshot of this moment. */
import type { z } from "zod";
import type { Action } from "../../actions/action.ts";
import { describeError, RetryableError } from "../../domain/errors.ts";
import type { PlannedStep } from "../../domain/plan.ts";
import type { ApiFailure, ApiRequest } from "../../ports/tenant.ts";
import type { StageContext } from "../judge/stage-context.ts";
import { actionOf } from "../registry.ts";
import { type Facts, snapshotOf } from "../snapshot/read-facts.ts";
import { isAnswered, readOn, readsOf } from "../snapshot/read-on.ts";
import { isFor } from "./planned-step.ts";

export type Prepared =
  | { readonly state: "not-applicable"; readonly reason: string }
  /** `missing`: of an undo, what has nowhere to return to */
  | { readonly state: "in-place"; readonly missing?: readonly string[] }
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
      readonly missing?: readonly string[];
    };

/** The contain stage acts on the stage's own snapshot; an irreversible step looks again, just before. */
export async function prepareStep(context: StageContext, facts: Facts, step: PlannedStep): Promise<Prepared> {
  const action = actionOf(step.action);
  const parsed = action.parameters.safeParse(step.parameters);
  if (!parsed.success) {
    return { state: "unknown", reason: `the parameters do not fit ${action.id}`, retryable: false, retryAfterMs: null };
  }
  if (!isFor(step, action, facts.kind)) {
    return { state: "not-applicable", reason: `${action.id} does not apply to a ${facts.kind} identity` };
  }
  try {
    const isKnown = isAnswered(readsOf(action, parsed.data), snapshotOf(facts));
    return action.impact(facts.kind) === "reversible" && isKnown
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
  const { facts: fresh, failures } = await readOn(context.writer.services, { ...facts, bodies: new Map() }, [
    readsOf(action, parameters),
  ]);
  for (const { request, answer } of failures) {
    if (answer.ok) continue;
    const path = request.path.split("?")[0];
    const lacks = `${action.permissions(facts.kind).join(", ")} or a licence is missing`;
    const reason = isRefusal(answer)
      ? `${path} was refused (${answer.code}): ${lacks}`
      : `${path} could not be read: ${answer.code}`;
    return { state: "unknown", reason, retryable: answer.retryable, retryAfterMs: answer.retryAfterMs };
  }
  return interpret(action, parameters, facts, fresh.bodies);
}

/** 403; and 400 with a code that names the licence, as role schedules answer in a tenant without one. */
export function isRefusal({ status, code }: Pick<ApiFailure, "status" | "code">): boolean {
  return status === 403 || (status === 400 && /licen[cs]e/i.test(code));
}

/** An object that was made just now is seen later than its sibling. */
const lagMs = 3600_000;

/** An application without a service principal here is a normal case: there is nothing to do to what is not there. */
function missingObject({ servicePrincipal, application, readAt }: Facts): Prepared {
  const createdAt = Date.parse(application?.createdDateTime ?? "");
  if (servicePrincipal !== null || !application || Number.isNaN(createdAt)) {
    return { state: "unknown", reason: "the object is not there", retryable: false, retryAfterMs: null };
  }
  const reason = "the application has no service principal in this tenant";
  const isYoung = readAt - createdAt < lagMs;
  return isYoung
    ? { state: "unknown", reason, retryable: true, retryAfterMs: null }
    : { state: "not-applicable", reason };
}

function interpret(action: Action, parameters: z.output<z.ZodType>, facts: Facts, fresh?: Facts["bodies"]): Prepared {
  const snapshot = snapshotOf(facts, fresh);
  if (action.isInPlace(parameters, snapshot)) return { state: "in-place" };
  const requests = action.requests(parameters, snapshot);
  if (requests.length === 0) return missingObject(facts);
  const receipt = action.keep(parameters, snapshot);
  const touches = action.touches?.(parameters, snapshot) ?? [];
  const irreversible = action.impact(facts.kind) === "irreversible";
  return { state: "ready", action, requests, touches, receipt, irreversible };
}
