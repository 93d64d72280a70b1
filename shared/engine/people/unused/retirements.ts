/** How far every retirement has come. A row that somebody edited so that it cannot be read is passed over: its identity is held anyway. */
import type { IdentityKey } from "../../../domain/identity.ts";
import { Retirement } from "../../../domain/retirement.ts";
import type { Services } from "../../../ports/services.ts";
import { rowKey } from "../../rows/rows.ts";

export async function readRetirements({
  stores,
}: Pick<Services, "stores">): Promise<ReadonlyMap<IdentityKey, Retirement>> {
  const all = new Map<IdentityKey, Retirement>();
  for await (const { identity, row } of stores.identities.list(rowKey.retirement)) {
    const retirement = row.key === rowKey.retirement ? Retirement.safeParse(row.value).data : undefined;
    if (retirement !== undefined) all.set(identity, retirement);
  }
  return all;
}
