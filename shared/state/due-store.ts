/** What is due when, in the table `due`: one partition a tenant, one row a due thing. */
import type { TableClient } from "@azure/data-tables";
import type { DueRow, DueStore } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { decodeValue, encodeValue } from "./row-codec.ts";
import { isMissing, storageCall } from "./storage-errors.ts";
import { int64, queryAll } from "./table-access.ts";

/** Long past every wake-up: a row that is still here then was forgotten, not waiting. */
const keepMs = 180 * 24 * 3_600_000;

export function createDueStore(client: TableClient): DueStore {
  return {
    put: (row) => put(client, row),
    remove: (tenantId, id) => remove(client, tenantId, id),
    async due(tenantId, now, limit) {
      const rows = await read(
        client,
        `PartitionKey eq '${encodeKey(tenantId)}' and wakeAt le ${BigInt(Math.floor(now))}L`,
      );
      return rows.slice(0, limit);
    },
    all: (tenantId) => read(client, `PartitionKey eq '${encodeKey(tenantId)}'`),
  };
}

/** Unconditional: putting the same due thing again replaces it, whoever put it first. */
async function put(client: TableClient, row: DueRow): Promise<void> {
  const entity = {
    partitionKey: encodeKey(row.tenantId),
    rowKey: encodeKey(row.id),
    ...encodeValue(row),
    wakeAt: int64(row.wakeAt),
    expiresAt: int64(row.wakeAt + keepMs),
  };
  await storageCall(() => client.upsertEntity(entity, "Replace"));
}

async function remove(client: TableClient, tenantId: string, id: string): Promise<void> {
  await storageCall<unknown>(
    () => client.deleteEntity(encodeKey(tenantId), encodeKey(id), { etag: "*" }),
    (error) => (isMissing(error) ? { value: null } : null),
  );
}

/** Earliest first. Tables cannot sort, so all of the filter is read: due rows are few, 1000 of them one request. */
async function read(client: TableClient, filter: string): Promise<readonly DueRow[]> {
  const rows = (await queryAll(client, filter)).map((entity) => decodeValue(entity) as DueRow);
  return rows.sort((a, b) => a.wakeAt - b.wakeAt);
}
