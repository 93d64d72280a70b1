/** The tenant's trusted named locations, one row a tenant beside the dependency cache, which the same timer's night fills. */
import type { TableClient } from "@azure/data-tables";
import { z } from "zod";
import type { NamedLocationStore } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { decodeValue, encodeValue } from "./row-codec.ts";
import { storageCall } from "./storage-errors.ts";
import { readEntity } from "./table-access.ts";

const rowKey = "named-locations";
const NamedLocations = z.object({ readAt: z.number(), ranges: z.array(z.string()) });

export function createNamedLocationStore(client: TableClient): NamedLocationStore {
  return {
    async get(tenantId) {
      const entity = await readEntity(client, encodeKey(tenantId), rowKey);
      return entity === null ? null : NamedLocations.parse(decodeValue(entity));
    },
    async put(tenantId, locations) {
      // no expiry: its age says what it is still worth, and tells people from when it is
      const keys = { partitionKey: encodeKey(tenantId), rowKey };
      await storageCall(() => client.upsertEntity({ ...keys, ...encodeValue(locations) }, "Replace"));
    },
  };
}
