/** Whom an id of a request means: `appId:GUID`, or the object id of a service principal or an application. Calls no Graph. */
import { TerminalError } from "../../../domain/errors.ts";
import { Footholds } from "../../../domain/footholds.ts";
import {
  Guid,
  type IdentityKey,
  identityKey,
  keyOfRef,
  servicePrincipalKey,
  unresolvedKey,
} from "../../../domain/identity.ts";
import { loadPartition, type Partition } from "../../rows/partition.ts";
import { rowKey } from "../../rows/rows.ts";
import type { TableServices } from "../find-plan.ts";

/** Its rows; of an object id that nobody knows, what lies under that id. Throws TerminalError `no-guid`. */
export async function partitionNamed(
  { policy, stores }: Pick<TableServices, "policy" | "stores">,
  id: string,
): Promise<Partition> {
  const { tenantId } = policy;
  const isAppId = id.toLowerCase().startsWith("appid:");
  const guid = Guid.safeParse(isAppId ? id.slice("appid:".length) : id);
  if (!guid.success) {
    const message = `${JSON.stringify(id.slice(0, 80))} is neither appId:GUID nor the GUID of an object; names decide nothing here`;
    throw new TerminalError(message, { code: "no-guid" });
  }
  if (isAppId) return loadPartition(stores.identities, identityKey(tenantId, guid.data));
  const known = await stores.aliases.get(tenantId, guid.data);
  const key = known === null ? null : keyOfRef(known);
  if (key !== null) return loadPartition(stores.identities, key);
  // without an appId it is known by its service principal alone
  const alone = await loadPartition(stores.identities, servicePrincipalKey(tenantId, guid.data));
  if (alone.rows.size > 0) return alone;
  const looked = await keyLookedAt(stores, guid.data);
  return loadPartition(stores.identities, looked ?? unresolvedKey(tenantId, guid.data));
}

/** An alias is written with the first change: until then what the writer saw says whose object it is, and never a record's claim. */
async function keyLookedAt({ identities }: TableServices["stores"], objectId: string): Promise<IdentityKey | null> {
  for await (const { identity, row } of identities.list(rowKey.footholds)) {
    const seen = Footholds.safeParse(row.value).data;
    if (seen?.servicePrincipal?.id === objectId || seen?.applicationObjectId === objectId) return identity;
  }
  return null;
}

export async function keyNamed(services: Pick<TableServices, "policy" | "stores">, id: string): Promise<IdentityKey> {
  return (await partitionNamed(services, id)).key;
}
