/** The rest of what an eradicate stage must see before it asks anybody: every read of its steps, by the ids Graph gave. */
import { Keys } from "../../actions/credential-target.ts";
import { keyCredentialsRead } from "../../actions/reads.ts";
import type { PlannedStep } from "../../domain/plan.ts";
import type { KeyCredential } from "../../domain/snapshot.ts";
import type { Services } from "../../ports/services.ts";
import type { ApiRequest } from "../../ports/tenant.ts";
import { actionOf } from "../registry.ts";
import { isFor } from "../run/planned-step.ts";
import type { Facts } from "./read-facts.ts";
import { readKey } from "./read-key.ts";
import { type Asks, readOn, readsOf } from "./read-on.ts";

/** What could not be read is not there, hence unknown. Contain never comes here: it must not wait for other lanes. */
export async function completeFacts(services: Services, facts: Facts, steps: readonly PlannedStep[]): Promise<Facts> {
  const asks = [() => keyReads(facts), ...steps.map((step) => asksOf(step, facts))];
  return (await readOn(services, facts, asks)).facts;
}

/** What one step cannot make out of an answer is told when that step comes; the others are read all the same. */
function asksOf(step: PlannedStep, { kind }: Facts): Asks {
  const action = actionOf(step.action);
  const parameters = action.parameters.safeParse(step.parameters);
  if (!parameters.success || !isFor(step, action, kind) || step.undoes !== null) return () => [];
  const asks = readsOf(action, parameters.data);
  return (snapshot) => {
    try {
      return asks(snapshot);
    } catch {
      return [];
    }
  };
}

function keyReads({ identity }: Facts): readonly ApiRequest[] {
  const principal = keyCredentialsRead("servicePrincipal", identity);
  return identity.applicationObjectId === null ? [principal] : [principal, keyCredentialsRead("application", identity)];
}

/** Certificates of both objects; undefined when one of them could not be read. */
export function certificatesIn(facts: Facts): readonly KeyCredential[] | undefined {
  const keys = keyReads(facts).map((request) => {
    const body = facts.bodies.get(readKey(request));
    if (body === null) return [];
    const parsed = Keys.safeParse(body);
    return parsed.success ? parsed.data.keyCredentials : undefined;
  });
  return keys.includes(undefined) ? undefined : keys.flatMap((found) => found ?? []);
}
