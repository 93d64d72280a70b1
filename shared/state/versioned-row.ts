/** One JSON row that is read, changed and replaced by ETag: the tool of reservations, leases and freshness. */
import { randomUUID } from "node:crypto";
import type { TableClient } from "@azure/data-tables";
import { RetryableError } from "../domain/errors.ts";
import { decodeValue, encodeValue } from "./row-codec.ts";
import { isConflict, storageCall } from "./storage-errors.ts";
import { int64, readEntity } from "./table-access.ts";

/** Keys are stored ones, that is encoded. */
export interface RowAddress {
  readonly client: TableClient;
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** `etag` null: there is no row. */
export interface Version {
  readonly value: unknown;
  readonly etag: string | null;
}

export const maxAttempts = 20;

export async function readVersion(address: RowAddress): Promise<Version> {
  const entity = await readEntity(address.client, address.partitionKey, address.rowKey);
  return entity === null ? { value: null, etag: null } : { value: decodeValue(entity), etag: entity.etag };
}

/**
 * Creates (etag null) or replaces. The new ETag, or null when the race was lost. Knows its own write after a lost reply. A row
 * with an expiry (epoch ms) goes in a purge after it.
 */
export async function writeVersion(
  address: RowAddress,
  etag: string | null,
  value: unknown,
  expiresAt: number | null = null,
): Promise<string | null> {
  const { client, partitionKey, rowKey } = address;
  const nonce = randomUUID();
  const expiry = expiresAt === null ? {} : { expiresAt: int64(expiresAt) };
  const entity = { partitionKey, rowKey, ...encodeValue(value), nonce, ...expiry };
  const written = await storageCall<string | null | undefined>(
    async () => {
      const answer = etag === null ? client.createEntity(entity) : client.updateEntity(entity, "Replace", { etag });
      return (await answer).etag;
    },
    (error) => (isConflict(error) ? { value: null } : null),
  );
  if (typeof written === "string") return written;
  const stored = await readEntity(client, partitionKey, rowKey);
  return stored?.nonce === nonce ? stored.etag : null;
}

/** Reads, changes, replaces; again after a lost race. `change` answers null when nothing is to be written. */
export async function updateVersion(
  address: RowAddress,
  change: (current: Version) => unknown,
  expiresAt: number | null = null,
): Promise<void> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const current = await readVersion(address);
    const next = change(current);
    if (next === null || (await writeVersion(address, current.etag, next, expiresAt)) !== null) return;
  }
  throw contended(address);
}

/** So many lost races in a row that waiting is better than trying. */
export function contended(address: RowAddress): RetryableError {
  return new RetryableError(`The row ${address.partitionKey} / ${address.rowKey} is written by too many at once.`, {
    code: "storage-contended",
  });
}
