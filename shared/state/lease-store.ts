/** One run at a time of a timer, in the table `leases`: created, or replaced by ETag when expired or our own. */
import type { TableClient } from "@azure/data-tables";
import { z } from "zod";
import type { LeaseStore } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { isConflict, storageCall } from "./storage-errors.ts";
import { type RowAddress, readVersion, writeVersion } from "./versioned-row.ts";

const Lease = z.object({ owner: z.string(), until: z.number() });

export function createLeaseStore(client: TableClient): LeaseStore {
  const addressOf = (name: string): RowAddress => ({ client, partitionKey: "lease", rowKey: encodeKey(name) });
  return {
    async acquire(name, owner, now, until) {
      const current = await readVersion(addressOf(name));
      const held = current.etag === null ? null : Lease.parse(current.value);
      if (held !== null && held.owner !== owner && held.until > now) return false;
      return (await writeVersion(addressOf(name), current.etag, { owner, until })) !== null;
    },
    release: (name, owner) => release(addressOf(name), owner),
  };
}

async function release(address: RowAddress, owner: string): Promise<void> {
  const { value, etag } = await readVersion(address);
  if (etag === null || Lease.parse(value).owner !== owner) return;
  await storageCall<unknown>(
    () => address.client.deleteEntity(address.partitionKey, address.rowKey, { etag }),
    (error) => (isConflict(error) ? { value: null } : null),
  );
}
