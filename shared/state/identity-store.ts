/** Everything about one identity in one partition of the table `identities`. */
import type { TableClient } from "@azure/data-tables";
import { TerminalError } from "../domain/errors.ts";
import { type IdentityStore, ledgerPrefix, type Row } from "../ports/stores.ts";
import { commitChanges } from "./commit.ts";
import { decodeKey, encodeKey, prefixRange } from "./keys.ts";
import { purgeExpired } from "./purge-expired.ts";
import { decodeValue } from "./row-codec.ts";
import { queryPages, type StoredEntity } from "./table-access.ts";

/** `purge`: tables besides this one whose expired rows go in the same round. */
export function createIdentityStore(client: TableClient, purge: readonly TableClient[] = []): IdentityStore {
  return {
    load: (key) => load(client, encodeKey(key)),
    entries: (key, chain) => entries(client, encodeKey(key), ledgerPrefix(chain)),
    commit: (key, changes) => commitChanges(client, encodeKey(key), changes),
    list: (rowPrefix, since) => list(client, rowPrefix, since),
    purgeExpired: (now, limit) => purgeExpired([client, ...purge], now, limit),
  };
}

/** Entries of the ledger only grow, and nobody who decides reads them. */
async function load(client: TableClient, partition: string): Promise<ReadonlyMap<string, Row>> {
  const rows = new Map<string, Row>();
  const ledger = prefixRange(ledgerPrefix());
  const others = ledger === null ? "" : ` and (RowKey lt '${ledger.from}' or RowKey ge '${ledger.before}')`;
  for await (const page of queryPages(client, `PartitionKey eq '${partition}'${others}`)) {
    for (const entity of page) {
      const row = toRow(entity);
      rows.set(row.key, row);
    }
  }
  return rows;
}

async function entries(client: TableClient, partition: string, prefix: string): Promise<readonly Row[]> {
  const range = prefixRange(prefix);
  if (range === null) return [];
  const rows: Row[] = [];
  const filter = `PartitionKey eq '${partition}' and RowKey ge '${range.from}' and RowKey lt '${range.before}'`;
  for await (const page of queryPages(client, filter)) rows.push(...page.map(toEntryRow));
  return rows;
}

/** One that somebody damaged must not hide the others: it has no value. */
function toEntryRow(entity: StoredEntity): Row {
  try {
    return toRow(entity);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return { key: decodeKey(entity.rowKey ?? ""), etag: entity.etag, value: null };
  }
}

async function* list(
  client: TableClient,
  rowPrefix: string,
  since?: number,
): ReturnType<IdentityStore["list"]> & AsyncGenerator {
  const range = prefixRange(rowPrefix);
  const parts = [
    ...(range === null ? [] : [`RowKey ge '${range.from}' and RowKey lt '${range.before}'`]),
    ...(since === undefined ? [] : [`Timestamp ge datetime'${new Date(since).toISOString()}'`]),
  ];
  for await (const page of queryPages(client, parts.length === 0 ? null : parts.join(" and "))) {
    for (const entity of page) yield { identity: decodeKey(entity.partitionKey ?? ""), row: toEntryRow(entity) };
  }
}

function toRow(entity: StoredEntity): Row {
  return { key: decodeKey(entity.rowKey ?? ""), etag: entity.etag, value: decodeValue(entity) };
}
