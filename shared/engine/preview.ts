/** What a step would send now, as text for people: the very requests a run would send. */
import type { Snapshot } from "../actions/action.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { ApiRequest } from "../ports/tenant.ts";
import { isFor } from "./prepare-step.ts";
import { isAnswered, readsOf } from "./read-on.ts";
import { actionOf } from "./registry.ts";

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
}

const nothing: Preview = { requests: [], touches: [] };

/** Nothing when the step does not apply, is in place, or its reads have no answer (yet) that says anything. */
export function previewStep(step: PlannedStep, snapshot: Snapshot): Preview {
  const action = actionOf(step.action);
  const parameters = action.parameters.safeParse(step.parameters);
  if (!parameters.success || !isFor(step, action, snapshot.kind)) return nothing;
  try {
    if (!isAnswered(readsOf(action, parameters.data), snapshot)) return nothing;
    if (action.isInPlace(parameters.data, snapshot)) return nothing;
    return {
      requests: action.requests(parameters.data, snapshot).map(describeRequest),
      touches: action.touches?.(parameters.data, snapshot) ?? [],
    };
  } catch {
    // it says why when its turn comes: one step that cannot be foreseen keeps people from none of the others
    return nothing;
  }
}
