/** What workload identities created or changed, in the table `changes`: one row an actor, bounded, gone 30 days after its last change. */
import type { TableClient } from "@azure/data-tables";
import { ChangesOfActor, changesKeptMs, mergeChanges, noChanges, stillKept } from "../domain/changed-object.ts";
import type { Clock } from "../ports/clock.ts";
import type { ChangeStore } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { type RowAddress, readVersion, updateVersion, type Version } from "./versioned-row.ts";

export function createChangeStore(client: TableClient, clock: Clock): ChangeStore {
  const addressOf = (tenantId: string, actorId: string): RowAddress => {
    return { client, partitionKey: encodeKey(tenantId), rowKey: encodeKey(actorId) };
  };
  return {
    async add(tenantId, actorId, changes) {
      const now = clock.now();
      const change = (current: Version) => mergeChanges(stored(current), changes, now);
      await updateVersion(addressOf(tenantId, actorId), change, now + changesKeptMs);
    },
    async of(tenantId, actorId) {
      return stillKept(stored(await readVersion(addressOf(tenantId, actorId))), clock.now());
    },
  };
}

function stored({ etag, value }: Version): ChangesOfActor {
  return etag === null ? noChanges : ChangesOfActor.parse(value);
}
