/** What a scan of the tenant read, page by page, in the table `scans`: one row for the scan in hand, a partition for each scan's pages. */
import type { TableClient, TransactionAction } from "@azure/data-tables";
import type { ScanStore } from "../ports/scan-store.ts";
import { encodeKey } from "./keys.ts";
import { decodeValue, encodeValue } from "./row-codec.ts";
import { storageCall } from "./storage-errors.ts";
import { int64, queryPages } from "./table-access.ts";
import { type RowAddress, readVersion, writeVersion } from "./versioned-row.ts";

const mostRows = 100;

export function createScanStore(client: TableClient): ScanStore {
  const addressOf = (tenantId: string): RowAddress => ({ client, partitionKey: encodeKey(tenantId), rowKey: "scan" });
  const partitionOf = (tenantId: string, scanId: string) => encodeKey(`${tenantId}|scan:${scanId}`);
  return {
    async get(tenantId) {
      const { etag, value } = await readVersion(addressOf(tenantId));
      return etag === null ? null : { etag, value };
    },
    put: (tenantId, value, etag) => writeVersion(addressOf(tenantId), etag, value),
    async putPage(tenantId, scanId, part, page, value, expiresAt) {
      const keys = { partitionKey: partitionOf(tenantId, scanId), rowKey: rowKeyOf(part, page) };
      const entity = { ...keys, ...encodeValue(value), expiresAt: int64(expiresAt) };
      await storageCall(() => client.upsertEntity(entity, "Replace"));
    },
    async *pages(tenantId, scanId, part) {
      let next = 0;
      const partition = partitionOf(tenantId, scanId);
      const filter = `PartitionKey eq '${partition}' and RowKey ge '${rowKeyOf(part, 0)}' and RowKey lt '${encodeKey(`${part}|~`)}'`;
      for await (const rows of queryPages(client, filter)) {
        for (const row of rows) {
          if (row.rowKey !== rowKeyOf(part, next)) return;
          next += 1;
          yield decodeValue(row);
        }
      }
    },
    async drop(tenantId, scanId) {
      const partitionKey = partitionOf(tenantId, scanId);
      for await (const rows of queryPages(client, `PartitionKey eq '${partitionKey}'`, ["PartitionKey", "RowKey"])) {
        for (let at = 0; at < rows.length; at += mostRows) {
          const chunk = rows.slice(at, at + mostRows);
          const gone = chunk.map(({ rowKey = "" }): TransactionAction => ["delete", { partitionKey, rowKey }]);
          await storageCall(() => client.submitTransaction(gone));
        }
      }
    },
  };
}

/** Numbered so that the order of keys is that of pages. */
function rowKeyOf(part: string, page: number): string {
  return encodeKey(`${part}|${String(page).padStart(6, "0")}`);
}
