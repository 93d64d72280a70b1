/** Gives what is missing and, if wanted, takes what is surplus. Nothing is taken while something could not be given. */
import type { ApiFailure, Tenant } from "../../shared/ports/tenant.ts";
import { refused } from "../tenant/ask.ts";
import { consentTakes, give, isThereAlready, take } from "../tenant/assignments.ts";
import type { ManagedIdentity } from "../tenant/managed-identity.ts";
import type { Comparison } from "./compare.ts";
import { nameOf } from "./show.ts";

export interface Wanted {
  readonly tenant: Tenant;
  readonly identity: ManagedIdentity;
  readonly graphId: string;
  say(line: string): void;
}

/** Throws TerminalError or RetryableError at the first that is refused; what was done before stays, and the next call goes on there. */
export async function giveMissing({ tenant, identity, graphId, say }: Wanted, { missing }: Comparison): Promise<void> {
  for (const { permission, appRoleId } of missing) {
    const answer = await give(tenant, identity, { resourceId: graphId, appRoleId });
    if (!answer.ok && !isThereAlready(answer)) throw notAllowed(answer, `giving ${permission}`);
    say(`given: ${permission}`);
  }
}

export async function takeSurplus({ tenant, identity, say }: Wanted, { surplus }: Comparison): Promise<void> {
  for (const one of surplus) {
    const answer = await take(tenant, identity, one.assignment);
    if (!answer.ok && answer.status !== 404) throw notAllowed(answer, `taking ${nameOf(one)}`);
    say(`taken: ${nameOf(one)}`);
  }
}

function notAllowed(answer: ApiFailure, what: string) {
  return refused(answer, what, consentTakes);
}
