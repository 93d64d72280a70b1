/** Signed settings, in the table `settings`. They do not expire: a kill switch must not switch itself back. */
import type { TableClient } from "@azure/data-tables";
import { z } from "zod";
import type { SettingsStore } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { decodeValue, encodeValue } from "./row-codec.ts";
import { isMissing, storageCall } from "./storage-errors.ts";
import { readEntity } from "./table-access.ts";

const SignedText = z.object({ payload: z.string(), signature: z.string() });

export function createSettingsStore(client: TableClient): SettingsStore {
  return {
    async get(tenantId, name) {
      const entity = await readEntity(client, encodeKey(tenantId), encodeKey(name));
      return entity === null ? null : SignedText.parse(decodeValue(entity));
    },
    async put(tenantId, name, value) {
      const keys = { partitionKey: encodeKey(tenantId), rowKey: encodeKey(name) };
      await storageCall(() => client.upsertEntity({ ...keys, ...encodeValue(value) }, "Replace"));
    },
    async remove(tenantId, name) {
      await storageCall<unknown>(
        () => client.deleteEntity(encodeKey(tenantId), encodeKey(name), { etag: "*" }),
        (error) => (isMissing(error) ? { value: null } : null),
      );
    },
  };
}
