/** The breaker: so many disables taken back by people within so many hours lower the mode, for everybody, until the time is over. */
import { RetryableError } from "../../domain/errors.ts";
import type { IdentityRef } from "../../domain/identity.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { deliverNow } from "../rows/deliver-notices.ts";
import { putDue } from "../rows/due.ts";
import { historyMs } from "../rows/expiry.ts";
import { tell } from "../rows/notices.ts";
import { Draft, read } from "../rows/partition.ts";
import { loadSafety, RevertsRow, safetyRow, tripsUntil } from "./safety.ts";
import type { Next } from "./stage-context.ts";

type Needed = Pick<Services, "clock" | "policy" | "stores">;

/** Losing this many races in a row means something is wrong. */
const maxRaces = 20;

export interface HumanRevert {
  /** the plan whose disable was taken back: counted once */
  readonly planId: string;
  readonly by: string;
}

/**
 * To be called when an undo has taken back a disable of ours, before the last commit of that undo: a repeat counts once. The one that
 * trips the breaker pages. Throws RetryableError when storage stays busy.
 */
export async function noteRevert(services: Services, { planId, by }: HumanRevert): Promise<void> {
  const { clock, policy, stores } = services;
  if (policy.breaker === undefined || by === "tourniquet") return;
  const windowMs = policy.breaker.hours * 3600_000;
  for (let race = 0; race < maxRaces; race++) {
    const partition = await loadSafety(services);
    const now = clock.now();
    const before = read(partition, safetyRow.reverts, RevertsRow)?.reverts ?? [];
    if (before.some((revert) => revert.planId === planId)) return;
    const wasTripped = tripsUntil(partition, policy, now) !== null;
    const reverts = [...before.filter(({ at }) => now - at < windowMs), { planId, by, at: now }];
    const isTripped = reverts.length >= policy.breaker.humanReverts;
    const draft = new Draft(partition).put(safetyRow.reverts, { reverts } satisfies RevertsRow, now + historyMs);
    if (isTripped) await putDue(services, { kind: "breaker", identity: partition.key }, now);
    if (isTripped && !wasTripped) tellTripped(draft, services, reverts, now);
    if (await draft.commit(stores.identities)) return deliverNow(services, partition.key);
  }
  throw new RetryableError("the list of reverts kept changing", { code: "contention" });
}

function nobody({ policy }: Needed): IdentityRef {
  return { tenantId: policy.tenantId, appId: null, servicePrincipalId: null, applicationObjectId: null };
}

function tellTripped(draft: Draft, services: Needed, reverts: RevertsRow["reverts"], now: number): void {
  const { breaker } = services.policy;
  const who = reverts.map(({ planId, by }) => `${planId} by ${by}`).join(", ");
  const message = `${reverts.length} of our disables were taken back within ${breaker?.hours} hours (${who}): until that time is over the mode is ${breaker?.to}`;
  tell(
    draft,
    {
      event: "breaker.tripped",
      about: [isoAt(now)],
      severity: "high",
      urgency: "page",
      identity: nobody(services),
      message,
      data: { plans: reverts.map(({ planId }) => planId), to: breaker?.to },
    },
    now,
  );
}

/** Woken when it trips, which delivers the page, and when it should fall off, which is said. */
export async function lookAtBreaker(services: Services): Promise<Next> {
  const partition = await loadSafety(services);
  const now = services.clock.now();
  const until = tripsUntil(partition, services.policy, now);
  if (until !== null) return { wakeAt: until, partition };
  const last = (read(partition, safetyRow.reverts, RevertsRow)?.reverts ?? []).at(-1);
  const draft = new Draft(partition);
  const message = "Nobody took back enough of our disables any more to hold us: the mode is the policy's again";
  const about = [String(last?.at ?? 0)];
  tell(draft, { event: "breaker.over", about, urgency: "chat", identity: nobody(services), message }, now);
  return (await draft.commit(services.stores.identities)) ? { wakeAt: null, partition } : { wakeAt: now + 1_000 };
}
