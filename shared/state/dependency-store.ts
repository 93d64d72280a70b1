/** The dependency cache, in the table `dependencies`: the last two readings of each identity, and a summary a tenant. */
import type { TableClient, TransactionAction } from "@azure/data-tables";
import { z } from "zod";
import type { DependencyReading, DependencyStore, DependencySummary } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { decodeValue, encodeValue } from "./row-codec.ts";
import { storageCall } from "./storage-errors.ts";
import { int64, queryAll, readEntity } from "./table-access.ts";

const keepMs = 60 * 24 * 3_600_000;
const keptReadings = 2;
const maxRows = 100;
const summaryKey = "summary";

const Readings = z.array(
  z.object({
    readAt: z.number(),
    lastUsedAt: z.number().nullable(),
    appProxy: z.boolean().nullable(),
    createdAt: z.number().nullable(),
  }),
);
const Summary = z.object({ readAt: z.number(), enabledServicePrincipals: z.number() });

export function createDependencyStore(client: TableClient): DependencyStore {
  return {
    async readings(tenantId, appId) {
      const entity = await readEntity(client, encodeKey(tenantId), rowKeyOf(appId));
      return entity === null ? [] : Readings.parse(decodeValue(entity));
    },
    put: (tenantId, readings) => putAll(client, encodeKey(tenantId), readings),
    async summary(tenantId) {
      const entity = await readEntity(client, encodeKey(tenantId), summaryKey);
      return entity === null ? null : Summary.parse(decodeValue(entity));
    },
    async putSummary(tenantId, summary: DependencySummary) {
      const keys = { partitionKey: encodeKey(tenantId), rowKey: summaryKey };
      await storageCall(() => client.upsertEntity({ ...keys, ...encodeValue(summary) }, "Replace"));
    },
  };
}

function rowKeyOf(appId: string): string {
  return encodeKey(`app:${appId}`);
}

/**
 * Two requests for each 100 rows when the whole tenant comes in one call: sorted, a hundred new rows lie in one short key
 * range of the old ones. One writer at a time (the timer's lease), so no ETags.
 */
async function putAll(
  client: TableClient,
  partition: string,
  readings: ReadonlyMap<string, DependencyReading>,
): Promise<void> {
  const rows = [...readings].map(([appId, reading]) => ({ rowKey: rowKeyOf(appId), reading }));
  rows.sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  for (let at = 0; at < rows.length; at += maxRows) {
    const chunk = rows.slice(at, at + maxRows);
    const held = await heldReadings(client, partition, chunk[0]?.rowKey ?? "", chunk.at(-1)?.rowKey ?? "");
    const actions = chunk.map(({ rowKey, reading }): TransactionAction => {
      const kept = mergeReadings(held.get(rowKey) ?? [], reading);
      const expiresAt = int64(reading.readAt + keepMs);
      return ["upsert", { partitionKey: partition, rowKey, ...encodeValue(kept), expiresAt }, "Replace"];
    });
    await storageCall(() => client.submitTransaction(actions));
  }
}

async function heldReadings(
  client: TableClient,
  partition: string,
  from: string,
  to: string,
): Promise<ReadonlyMap<string, readonly DependencyReading[]>> {
  const filter = `PartitionKey eq '${partition}' and RowKey ge '${from}' and RowKey le '${to}'`;
  const rows = await queryAll(client, filter);
  return new Map(rows.map((row) => [row.rowKey ?? "", Readings.parse(decodeValue(row))]));
}

/** Newest first; a reading taken again (a timer that was repeated) replaces itself. */
function mergeReadings(held: readonly DependencyReading[], reading: DependencyReading): readonly DependencyReading[] {
  const others = held.filter((other) => other.readAt !== reading.readAt);
  return [reading, ...others].sort((a, b) => b.readAt - a.readAt).slice(0, keptReadings);
}
