// Checkpoints and partition ownership in a table of the AzureWebJobsStorage account.
// Azure's trigger keeps them in blobs of that account; the local Azurite serves tables only, and the rules are the same.
import { hostname } from "node:os";
import { RestError, type TableClient } from "@azure/data-tables";
import type { Checkpoint, CheckpointStore, PartitionOwnership } from "@azure/event-hubs";

interface OwnerRow {
  partitionKey: string;
  rowKey: string;
  ownerId: string;
  holder: string;
  partitionId: string;
}

interface CheckpointRow {
  partitionKey: string;
  rowKey: string;
  offset: string;
  sequenceNumber: number;
  partitionId: string;
}

/** This process, so that a restarted host can tell that the former owner is dead. */
const HOLDER = `${hostname()}:${process.pid}`;
const LOST_STATUS: readonly (number | undefined)[] = [404, 409, 412];

/**
 * The store that the SDK's own event processor balances and checkpoints with. A partition has one owner: claims are
 * conditional on the ETag, and expire, or lapse at once when the owning process on this machine no longer exists, so
 * that a killed host's successor does not wait.
 */
export function createTableCheckpointStore(table: TableClient): CheckpointStore {
  let ready: Promise<void> | undefined;

  function ensureTable(): Promise<void> {
    ready ??= table.createTable().catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    return ready;
  }

  return {
    async listOwnership(fullyQualifiedNamespace, eventHubName, consumerGroup) {
      await ensureTable();
      const place = { fullyQualifiedNamespace, eventHubName, consumerGroup };
      const found: PartitionOwnership[] = [];
      for await (const row of table.listEntities<OwnerRow>(rowsOf("owner", place))) {
        const modified = isDead(row.holder) ? 0 : Date.parse(row.timestamp ?? "");
        const { ownerId, partitionId, etag } = row;
        found.push({ ...place, partitionId, ownerId, lastModifiedTimeInMs: modified, etag });
      }
      return found;
    },

    async claimOwnership(claims) {
      const won = await Promise.all(claims.map((claim) => tryClaim(table, claim)));
      return won.filter((claim) => claim !== undefined);
    },

    async updateCheckpoint(checkpoint) {
      const { partitionId, offset, sequenceNumber } = checkpoint;
      const keys = { partitionKey: partitionKeyOf(checkpoint), rowKey: `checkpoint-${partitionId}` };
      await table.upsertEntity<CheckpointRow>({ ...keys, partitionId, offset, sequenceNumber }, "Replace");
    },

    async listCheckpoints(fullyQualifiedNamespace, eventHubName, consumerGroup) {
      await ensureTable();
      const place = { fullyQualifiedNamespace, eventHubName, consumerGroup };
      const found: Checkpoint[] = [];
      for await (const row of table.listEntities<CheckpointRow>(rowsOf("checkpoint", place))) {
        const { partitionId, offset, sequenceNumber } = row;
        found.push({ ...place, partitionId, offset, sequenceNumber });
      }
      return found;
    },
  };
}

/** @returns the ownership with its new ETag, or undefined when another host was faster */
async function tryClaim(table: TableClient, claim: PartitionOwnership): Promise<PartitionOwnership | undefined> {
  const { partitionId, ownerId } = claim;
  const row: OwnerRow = {
    partitionKey: partitionKeyOf(claim),
    rowKey: `owner-${partitionId}`,
    ownerId,
    holder: HOLDER,
    partitionId,
  };
  try {
    const { etag } =
      claim.etag === undefined
        ? await table.createEntity(row)
        : await table.updateEntity(row, "Replace", { etag: claim.etag });
    return { ...claim, lastModifiedTimeInMs: Date.now(), ...(etag === undefined ? {} : { etag }) };
  } catch (error) {
    if (error instanceof RestError && LOST_STATUS.includes(error.statusCode)) return undefined;
    throw error;
  }
}

type Place = Pick<Checkpoint, "fullyQualifiedNamespace" | "eventHubName" | "consumerGroup">;

/** "." follows "-" in the order of row keys. */
function rowsOf(kind: "owner" | "checkpoint", place: Place): { queryOptions: { filter: string } } {
  const partition = `PartitionKey eq '${partitionKeyOf(place)}'`;
  return { queryOptions: { filter: `${partition} and RowKey ge '${kind}-' and RowKey lt '${kind}.'` } };
}

/** Names of hubs and groups may hold characters that a key may not ($, /, #, ?). */
function partitionKeyOf(place: Place): string {
  const text = [place.fullyQualifiedNamespace, place.eventHubName, place.consumerGroup].join("|").toLowerCase();
  return text.replaceAll(/[^a-z0-9.|-]/g, "_");
}

function isDead(holder: string | undefined): boolean {
  const [machine, pid] = holder?.split(":") ?? [];
  if (machine !== hostname() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
