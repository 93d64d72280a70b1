/** What a step would send now, as text for people: the very requests a run would send. */
import type { Snapshot } from "../../../actions/action.ts";
import { describeError } from "../../../domain/errors.ts";
import type { PlannedStep } from "../../../domain/plan.ts";
import type { ApiRequest, OwnIdentity } from "../../../ports/tenant.ts";
import { actionOf } from "../../registry.ts";
import { isFor } from "../../run/planned-step.ts";
import { whyPassedOver } from "../../snapshot/permissions.ts";
import { type Facts, snapshotOf } from "../../snapshot/read-facts.ts";
import { isAnswered, readsOf } from "../../snapshot/read-on.ts";

export function describeRequest({ method, version, path, body }: ApiRequest): string {
  return body === undefined ? `${method} /${version}${path}` : `${method} /${version}${path} ${summary(body)}`;
}

/** Credentials are shown by keyId alone: what Graph returned of a certificate is long and nobody's business. */
function summary(body: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(body, (name, value: unknown) => {
    if (name !== "keyCredentials" || !Array.isArray(value)) return value;
    return value.map((key: { readonly keyId?: unknown }) => ({ keyId: key.keyId }));
  });
}

export interface Preview {
  readonly requests: readonly string[];
  /** ids of what would go for good */
  readonly touches: readonly string[];
  /** why it cannot be said what it would send; null: nothing is in the way */
  readonly unforeseen: string | null;
}

const nothing: Preview = { requests: [], touches: [], unforeseen: null };

/** An optional step that lacks a permission would be passed over, and says so. */
export function foresee(step: PlannedStep, facts: Facts, self: OwnIdentity | null): Preview {
  const lacks = whyPassedOver(step, facts.kind, self);
  return lacks === null
    ? previewStep(step, snapshotOf(facts))
    : { ...nothing, unforeseen: `it will be skipped: ${lacks}` };
}

/** Nothing when the step does not apply, is in place, or its reads have no answer (yet) that says anything. */
function previewStep(step: PlannedStep, snapshot: Snapshot): Preview {
  const action = actionOf(step.action);
  const parameters = action.parameters.safeParse(step.parameters);
  if (!parameters.success || !isFor(step, action, snapshot.kind)) return nothing;
  try {
    if (!isAnswered(readsOf(action, parameters.data), snapshot)) return nothing;
    if (action.isInPlace(parameters.data, snapshot)) return nothing;
    return {
      requests: action.requests(parameters.data, snapshot).map(describeRequest),
      touches: action.touches?.(parameters.data, snapshot) ?? [],
      unforeseen: null,
    };
  } catch (error) {
    // one step that cannot be foreseen keeps people from none of the others
    return { ...nothing, unforeseen: `what it would send is not known: ${describeError(error)}` };
  }
}
