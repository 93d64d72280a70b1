/** Deletes rows whose `expiresAt` has passed; a row that was renewed meanwhile stays, because every delete is by ETag. */
import type { TableClient } from "@azure/data-tables";
import { submitConditionally } from "./conditional-delete.ts";
import { isConflict, storageCall } from "./storage-errors.ts";
import { int64, queryPages, type StoredEntity } from "./table-access.ts";

const maxDeletes = 100;

/** Answers how many rows went; at most `limit`. A full scan of the tables: for a timer, not for an event. */
export async function purgeExpired(clients: readonly TableClient[], now: number, limit: number): Promise<number> {
  let purged = 0;
  for (const client of clients) {
    if (purged < limit) purged += await purgeTable(client, now, limit - purged);
  }
  return purged;
}

async function purgeTable(client: TableClient, now: number, limit: number): Promise<number> {
  let purged = 0;
  const filter = `expiresAt lt ${int64(now)}L`;
  for await (const page of queryPages(client, filter, ["partitionKey", "rowKey"])) {
    for (const group of transactionsOf(page.slice(0, limit - purged))) purged += await deleteGroup(client, group);
    if (purged >= limit) break;
  }
  return purged;
}

/** Rows arrive sorted by partition; one transaction stays in one partition. */
function transactionsOf(rows: readonly StoredEntity[]): readonly (readonly StoredEntity[])[] {
  const groups: StoredEntity[][] = [];
  for (const row of rows) {
    const open = groups.at(-1);
    const fits = open !== undefined && open.length < maxDeletes && open[0]?.partitionKey === row.partitionKey;
    if (fits) open.push(row);
    else groups.push([row]);
  }
  return groups;
}

/** One row that changed meanwhile refuses the whole transaction; then each goes by itself. */
async function deleteGroup(client: TableClient, rows: readonly StoredEntity[]): Promise<number> {
  if (await deleteTogether(client, rows)) return rows.length;
  if (rows.length === 1) return 0;
  const alone = await Promise.all(rows.map((row) => deleteTogether(client, [row])));
  return alone.filter(Boolean).length;
}

function deleteTogether(client: TableClient, rows: readonly StoredEntity[]): Promise<boolean> {
  const keys = rows.map((row) => ({ partitionKey: row.partitionKey ?? "", rowKey: row.rowKey ?? "" }));
  const etags = new Map(rows.map((row) => [row.rowKey ?? "", row.etag]));
  return storageCall<boolean>(
    async () => {
      await submitConditionally(
        client,
        keys.map((key) => ["delete", key]),
        etags,
      );
      return true;
    },
    (error) => (isConflict(error) ? { value: false } : null),
  );
}
