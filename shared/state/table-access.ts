/** Reading rows: one row, or a filter page by page, with errors mapped. */
import type { TableClient, TableEntityResult } from "@azure/data-tables";
import { isMissing, storageCall, toStorageError } from "./storage-errors.ts";

export type StoredEntity = TableEntityResult<Record<string, unknown>>;

/** Keys as stored, that is encoded. Null when there is no such row. */
export function readEntity(client: TableClient, partitionKey: string, rowKey: string): Promise<StoredEntity | null> {
  return storageCall<StoredEntity | null>(
    () => client.getEntity<Record<string, unknown>>(partitionKey, rowKey),
    (error) => (isMissing(error) ? { value: null } : null),
  );
}

/** Pages of up to 1000 rows, one request each. No filter: the whole table. */
export async function* queryPages(
  client: TableClient,
  filter: string | null,
  select?: string[],
): AsyncGenerator<readonly StoredEntity[]> {
  try {
    const queryOptions = { ...(filter === null ? {} : { filter }), ...(select === undefined ? {} : { select }) };
    yield* client.listEntities<Record<string, unknown>>({ queryOptions }).byPage();
  } catch (error) {
    throw toStorageError(error);
  }
}

/** All rows of a filter; for partitions that are known to be small. */
export async function queryAll(client: TableClient, filter: string): Promise<readonly StoredEntity[]> {
  const rows: StoredEntity[] = [];
  for await (const page of queryPages(client, filter)) rows.push(...page);
  return rows;
}

/** Epoch milliseconds as the Int64 property that the SDK makes of a bigint. */
export function int64(ms: number): bigint {
  return BigInt(Math.ceil(ms));
}
