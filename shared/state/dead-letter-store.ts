/** What could not be read or resolved, in the table `deadletters`: one row a letter, by its hash, so a redelivery adds none. */
import type { TableClient } from "@azure/data-tables";
import { StoredDeadLetter } from "../domain/dead-letter.ts";
import { TerminalError } from "../domain/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeadLetterStore } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { decodeValue, encodeValue } from "./row-codec.ts";
import { isConflict, storageCall } from "./storage-errors.ts";
import { int64, queryPages, readEntity, type StoredEntity } from "./table-access.ts";

const keepMs = 90 * 24 * 3_600_000;
/** A flood of dead letters must not turn a listing into a long scan. */
const maxListed = 10_000;

export function createDeadLetterStore(client: TableClient, clock: Clock): DeadLetterStore {
  return {
    async put(letter) {
      const keys = { partitionKey: encodeKey(letter.tenantId), rowKey: encodeKey(letter.id) };
      const entity = { ...keys, ...encodeValue(letter), expiresAt: int64(clock.now() + keepMs) };
      await storageCall<unknown>(
        () => client.createEntity(entity),
        (error) => (isConflict(error) ? { value: null } : null),
      );
    },
    async get(tenantId, id) {
      const entity = await readEntity(client, encodeKey(tenantId), encodeKey(id));
      return entity === null ? null : letterIn(entity);
    },
    async replace(letter) {
      const keys = { partitionKey: encodeKey(letter.tenantId), rowKey: encodeKey(letter.id) };
      const entity = { ...keys, ...encodeValue(letter), expiresAt: int64(clock.now() + keepMs) };
      await storageCall(() => client.upsertEntity(entity, "Replace"));
    },
    list: (tenantId, limit) => list(client, tenantId, limit),
  };
}

/** Null: somebody damaged it, which must not hide the others. */
function letterIn(entity: StoredEntity): StoredDeadLetter | null {
  try {
    return StoredDeadLetter.safeParse(decodeValue(entity)).data ?? null;
  } catch (error) {
    if (error instanceof TerminalError) return null;
    throw error;
  }
}

/** Newest first, of the first 10,000 that storage gives. */
async function list(client: TableClient, tenantId: string, limit: number): Promise<readonly StoredDeadLetter[]> {
  const letters: StoredDeadLetter[] = [];
  for await (const page of queryPages(client, `PartitionKey eq '${encodeKey(tenantId)}'`)) {
    letters.push(...page.flatMap((entity) => letterIn(entity) ?? []));
    if (letters.length >= maxListed) break;
  }
  return letters.sort((a, b) => b.at.localeCompare(a.at)).slice(0, limit);
}
