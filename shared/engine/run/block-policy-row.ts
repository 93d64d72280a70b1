/** What is known of the block policy's list: one row of a partition that is no identity's, and the notices committed with it. */
import { z } from "zod";
import type { DueMessage } from "../../domain/due.ts";
import type { IdentityKey, IdentityRef } from "../../domain/identity.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { historyMs } from "../rows/expiry.ts";
import { type Told, tell } from "../rows/notices.ts";
import { Draft, loadPartition, type Partition, read } from "../rows/partition.ts";

const rowName = "list";

const ListRow = z.object({
  /** what we mean, or meant, it to be; null: we have not written yet */
  list: z.array(z.string()).nullable(),
  state: z.enum(["idle", "writing", "written"]),
  /** ISO 8601 UTC; null: not written */
  at: z.string().nullable(),
  /** ISO 8601 UTC of the last writes, oldest first: their echoes come minutes later */
  writes: z.array(z.string()).default([]),
  /** the trouble that people were told of last: it is not told at every look */
  trouble: z.string().nullable(),
});
export type ListRow = z.infer<typeof ListRow>;

export interface Hand {
  readonly services: Services;
  readonly partition: Partition;
  readonly before: ListRow;
}

const writesKept = 50;

/** Epoch ms. */
export async function blockPolicyWrites(services: Pick<Services, "policy" | "stores">): Promise<readonly number[]> {
  const [wish] = blockPolicyWish(services);
  if (wish === undefined) return [];
  const row = read(await loadPartition(services.stores.identities, wish.identity), rowName, ListRow);
  return (row?.writes ?? []).map((at) => Date.parse(at));
}

export function withWrite({ writes }: ListRow, at: string): readonly string[] {
  return [...writes, at].slice(-writesKept);
}

/** The wish to look; to be put before the commit that changes who is contained. None when no policy is configured. */
export function blockPolicyWish({ policy }: Pick<Services, "policy">): readonly DueMessage[] {
  const identity = `${policy.tenantId}|block-policy`;
  return policy.conditionalAccess === undefined ? [] : [{ kind: "conditional-access", identity }];
}

/** The row as it is, or as it is before the first look. */
export async function takeInHand(services: Services, key: IdentityKey): Promise<Hand> {
  const partition = await loadPartition(services.stores.identities, key);
  const before = read(partition, rowName, ListRow);
  return { services, partition, before: before ?? { list: null, state: "idle", at: null, writes: [], trouble: null } };
}

/** Pages, unless that was the trouble told last. `data`: what may be worded otherwise each time. */
export async function tellOnce(
  hand: Hand,
  next: ListRow,
  event: string,
  { why, data = {} }: { readonly why: string; readonly data?: Told["data"] },
): Promise<void> {
  const { policy, clock } = hand.services;
  const message = `Conditional Access policy ${policy.conditionalAccess?.policyId}: ${why}`;
  const notice: Wording = { event, about: [isoAt(clock.now())], severity: "high", urgency: "page", message, data };
  const changed: ListRow = { ...next, trouble: message };
  await put(hand, changed, hand.before.trouble === message ? undefined : notice);
}

export type Wording = Omit<Told, "identity">;

/** False: another writer was here meanwhile. */
export function put({ partition, services }: Hand, next: ListRow, notice?: Wording): Promise<boolean> {
  const { clock, policy, stores } = services;
  const identity: IdentityRef = {
    tenantId: policy.tenantId,
    appId: null,
    servicePrincipalId: null,
    applicationObjectId: null,
  };
  const draft = new Draft(partition).put(rowName, next, clock.now() + historyMs);
  if (notice !== undefined) tell(draft, { ...notice, identity }, clock.now());
  return draft.commit(stores.identities);
}
