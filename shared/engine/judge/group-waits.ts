/** What the blast radius holds back is told as one thing: nobody reads a page for each of five hundred plans. */
import type { IdentityRef } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import { deliverNow } from "../rows/deliver-notices.ts";
import { putDue, wake } from "../rows/due.ts";
import { tell } from "../rows/notices.ts";
import { Draft, loadPartition } from "../rows/partition.ts";

const hourMs = 3600_000;

export function groupsKey(tenantId: string): string {
  return `${tenantId}|groups`;
}

/** Is the blast radius all that holds it back? It is asked about last, so where it speaks, every other guardrail passed. */
export function isHeldByBlastRadius(reasons: readonly string[]): boolean {
  return reasons.some((reason) => reason.startsWith("blast-radius:"));
}

/** One page an hour while the blast radius is used up, however many processes say so. */
export async function tellGroupWaits(services: Services): Promise<void> {
  const { clock, policy, stores } = services;
  const now = clock.now();
  const partition = await loadPartition(stores.identities, groupsKey(policy.tenantId));
  const { tenantId } = policy;
  const identity: IdentityRef = { tenantId, appId: null, servicePrincipalId: null, applicationObjectId: null };
  const message = "The blast radius is used up: what is above it waits as one group for a person (`tq groups list`)";
  const about = [String(Math.floor(now / hourMs))];
  const draft = new Draft(partition);
  tell(draft, { event: "group.waiting", about, severity: "high", urgency: "page", identity, message }, now);
  const wakeUp = await putDue(services, { kind: "deliver", identity: partition.key }, now);
  if (!(await draft.commit(stores.identities))) return;
  await wake(services, [wakeUp]);
  await deliverNow(services, partition.key);
}
