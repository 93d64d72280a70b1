/**
 * Of whom we have rows: read for everybody at once, so that nobody else's are asked for one by one. What comes while a scan runs is not
 * seen; whoever is to be begun is looked at by itself before.
 */
import { type IdentityKey, refOfKey } from "../../../domain/identity.ts";
import type { Services } from "../../../ports/services.ts";
import { rowKey } from "../../rows/rows.ts";

type Reading = Pick<Services, "policy" | "stores">;

/** Marks who has a baseline, of those that are known. */
export async function markLearned(
  { policy, stores }: Reading,
  known: ReadonlyMap<string, { isLearned: boolean }>,
): Promise<void> {
  for await (const key of stores.baselines.keys(policy.tenantId)) {
    const one = known.get(refOfKey(key).appId ?? "");
    if (one !== undefined) one.isLearned = true;
  }
}

/** Who was ever found, or retired. */
export async function everFound({ stores }: Reading): Promise<ReadonlySet<IdentityKey>> {
  const found = new Set<IdentityKey>();
  for (const key of [rowKey.identity, rowKey.retirement]) {
    for await (const { identity } of stores.identities.list(key)) found.add(identity);
  }
  return found;
}
