/** (tenant, object id) → identity, in the table `aliases`. The first meaning stays: a later claim cannot redirect an id. */
import type { TableClient } from "@azure/data-tables";
import { IdentityRef } from "../domain/identity.ts";
import type { Clock } from "../ports/clock.ts";
import type { AliasStore } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { Recent } from "./recent.ts";
import { decodeValue, encodeValue } from "./row-codec.ts";
import { isConflict, storageCall } from "./storage-errors.ts";
import { int64, readEntity } from "./table-access.ts";

const keepMs = 400 * 24 * 3_600_000;
const remembered = 20_000;

/** What this process knows: an alias it has read or written, or only that there is one. */
type Known = Recent<IdentityRef | "written by another">;

/** By name. A burst of records about one identity learns it many times before storage has answered once. */
type Underway = Map<string, Promise<void>>;

export function createAliasStore(client: TableClient, clock: Clock): AliasStore {
  const known: Known = new Recent(remembered);
  const underway: Underway = new Map();
  return {
    get: (tenantId, objectId) => get(client, known, tenantId, objectId),
    async learn(identity) {
      const objectIds = [identity.servicePrincipalId, identity.applicationObjectId].filter((id) => id !== null);
      await Promise.all(
        objectIds.map((id) =>
          writeOnce(underway, `${identity.tenantId}|${id}`, () =>
            write(client, known, identity, id, clock.now() + keepMs),
          ),
        ),
      );
    },
  };
}

async function get(client: TableClient, known: Known, tenantId: string, objectId: string): Promise<IdentityRef | null> {
  const name = `${tenantId}|${objectId}`;
  const cached = known.get(name);
  if (typeof cached === "object") return cached;
  const entity = await readEntity(client, encodeKey(tenantId), encodeKey(objectId));
  if (entity === null) return null;
  const identity = IdentityRef.parse(decodeValue(entity));
  known.set(name, identity);
  return identity;
}

function writeOnce(underway: Underway, name: string, write: () => Promise<void>): Promise<void> {
  const same = underway.get(name);
  if (same !== undefined) return same;
  const writing = write().finally(() => underway.delete(name));
  underway.set(name, writing);
  return writing;
}

async function write(
  client: TableClient,
  known: Known,
  identity: IdentityRef,
  objectId: string,
  expiresAt: number,
): Promise<void> {
  const name = `${identity.tenantId}|${objectId}`;
  if (known.get(name) !== undefined) return;
  const keys = { partitionKey: encodeKey(identity.tenantId), rowKey: encodeKey(objectId) };
  const created = await storageCall<boolean>(
    async () => {
      await client.createEntity({ ...keys, ...encodeValue(identity), expiresAt: int64(expiresAt) });
      return true;
    },
    (error) => (isConflict(error) ? { value: false } : null),
  );
  known.set(name, created ? identity : "written by another");
}
