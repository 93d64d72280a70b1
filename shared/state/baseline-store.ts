/** What is usual for each identity, in the table `baselines`: one bounded row each, which expires when nothing was learned for long. */
import type { TableClient } from "@azure/data-tables";
import { Baseline } from "../domain/baseline.ts";
import { TerminalError } from "../domain/errors.ts";
import type { IdentityKey } from "../domain/identity.ts";
import type { BaselineStore } from "../ports/stores.ts";
import { decodeKey, encodeKey, prefixRange } from "./keys.ts";
import { queryPages } from "./table-access.ts";
import { type RowAddress, readVersion, writeVersion } from "./versioned-row.ts";

/** `get` throws TerminalError `row-unreadable` for a row that this store did not write. */
export function createBaselineStore(client: TableClient): BaselineStore {
  const addressOf = (key: IdentityKey): RowAddress => {
    return { client, partitionKey: encodeKey(key), rowKey: "baseline" };
  };
  return {
    async get(key) {
      const { etag, value } = await readVersion(addressOf(key));
      return etag === null ? null : { baseline: parsed(key, value), etag };
    },
    put: (key, baseline, etag, expiresAt) => writeVersion(addressOf(key), etag, baseline, expiresAt),
    async *keys(tenantId) {
      const range = prefixRange(`${tenantId}|`);
      if (range === null) return;
      const filter = `PartitionKey ge '${range.from}' and PartitionKey lt '${range.before}'`;
      for await (const rows of queryPages(client, filter, ["PartitionKey"])) {
        for (const { partitionKey = "" } of rows) yield decodeKey(partitionKey);
      }
    },
  };
}

function parsed(key: IdentityKey, value: unknown): Baseline {
  const read = Baseline.safeParse(value);
  if (read.success) return read.data;
  throw new TerminalError(`The baseline of ${key} cannot be read; delete its row, and it is learned anew.`, {
    code: "row-unreadable",
    cause: read.error,
  });
}
