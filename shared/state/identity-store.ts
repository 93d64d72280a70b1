/** Everything about one identity in one partition of the table `identities`. */
import type { TableClient } from "@azure/data-tables";
import type { IdentityStore, Row } from "../ports/stores.ts";
import { commitChanges } from "./commit.ts";
import { decodeKey, encodeKey, prefixRange } from "./keys.ts";
import { purgeExpired } from "./purge-expired.ts";
import { decodeValue } from "./row-codec.ts";
import { queryPages, type StoredEntity } from "./table-access.ts";

/** `purge`: tables besides this one whose expired rows go in the same round. */
export function createIdentityStore(client: TableClient, purge: readonly TableClient[] = []): IdentityStore {
  return {
    load: (key) => load(client, encodeKey(key)),
    commit: (key, changes) => commitChanges(client, encodeKey(key), changes),
    list: (rowPrefix) => list(client, rowPrefix),
    purgeExpired: (now, limit) => purgeExpired([client, ...purge], now, limit),
  };
}

async function load(client: TableClient, partition: string): Promise<ReadonlyMap<string, Row>> {
  const rows = new Map<string, Row>();
  for await (const page of queryPages(client, `PartitionKey eq '${partition}'`)) {
    for (const entity of page) {
      const row = toRow(entity);
      rows.set(row.key, row);
    }
  }
  return rows;
}

async function* list(client: TableClient, rowPrefix: string): ReturnType<IdentityStore["list"]> & AsyncGenerator {
  const range = prefixRange(rowPrefix);
  const filter = range === null ? null : `RowKey ge '${range.from}' and RowKey lt '${range.before}'`;
  for await (const page of queryPages(client, filter)) {
    for (const entity of page) yield { identity: decodeKey(entity.partitionKey ?? ""), row: toRow(entity) };
  }
}

function toRow(entity: StoredEntity): Row {
  return { key: decodeKey(entity.rowKey ?? ""), etag: entity.etag, value: decodeValue(entity) };
}
