/** What is due when, in the table `due`: one partition a tenant, one row a due thing. */
import { randomUUID } from "node:crypto";
import type { TableClient } from "@azure/data-tables";
import { RetryableError } from "../domain/errors.ts";
import type { DueRow, DueStore, SettledDue, StoredDueRow } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { decodeValue, encodeValue } from "./row-codec.ts";
import { isConflict, storageCall } from "./storage-errors.ts";
import { int64, queryAll, readEntity, type StoredEntity } from "./table-access.ts";

/** Long past every wake-up: a row that is still here then was forgotten, not waiting. */
const keepMs = 180 * 24 * 3_600_000;
const maxRaces = 5;

export function createDueStore(client: TableClient): DueStore {
  return {
    put: (row) => put(client, row),
    settle: (row, version) => settle(client, row, version),
    snooze: (row, wakeAt) => snooze(client, row, wakeAt),
    async due(tenantId, now, limit) {
      const rows = await read(
        client,
        `PartitionKey eq '${encodeKey(tenantId)}' and wakeAt le ${BigInt(Math.floor(now))}L`,
      );
      return rows.slice(0, limit);
    },
    all: (tenantId) => read(client, `PartitionKey eq '${encodeKey(tenantId)}'`),
  };
}

/** Unconditional: the newest wish counts, whoever made the one before. */
async function put(client: TableClient, row: DueRow): Promise<string> {
  const wish = randomUUID();
  const { etag } = await storageCall(() => client.upsertEntity(entityOf(row, wish), "Replace"));
  return versionOf(wish, etag);
}

/** One request while the row is as it was when it was published; else it is read, and only the same wish is overruled. */
async function settle(client: TableClient, row: SettledDue, version: string | null): Promise<void> {
  const known = readVersion(version);
  const next = row.wakeAt === null ? null : entityOf({ ...row, wakeAt: row.wakeAt }, randomUUID());
  if (known === null && next === null) return;
  if (known !== null && (await overrule(client, row, next, known.etag))) return;
  for (let race = 0; race < maxRaces; race++) {
    const stored = await readEntity(client, encodeKey(row.tenantId), encodeKey(row.id));
    if (!counts(row, known, stored) || (await overrule(client, row, next, stored?.etag ?? null))) return;
  }
  throw new RetryableError(`the due row ${row.id} kept changing while it was settled`, { code: "contention" });
}

/** Over the same wish always, over another one or none only where it comes sooner. */
function counts({ wakeAt }: SettledDue, known: Version | null, stored: StoredEntity | null): boolean {
  if (stored === null) return wakeAt !== null;
  const isSame = known !== null && stored.wish === known.wish;
  return isSame || (wakeAt !== null && wakeAt < rowOf(stored).wakeAt);
}

async function snooze(client: TableClient, { version, ...row }: StoredDueRow, wakeAt: number): Promise<string | null> {
  const known = readVersion(version);
  if (known === null) return null;
  const etag = await replace(client, entityOf({ ...row, wakeAt }, known.wish), known.etag);
  return etag === null ? null : versionOf(known.wish, etag);
}

type DueEntity = ReturnType<typeof entityOf>;

function entityOf(row: DueRow, wish: string) {
  const { id, tenantId, wakeAt, message, attempts } = row;
  return {
    partitionKey: encodeKey(tenantId),
    rowKey: encodeKey(id),
    ...encodeValue({ id, tenantId, wakeAt, message, attempts } satisfies DueRow),
    wish,
    wakeAt: int64(wakeAt),
    expiresAt: int64(wakeAt + keepMs),
  };
}

/** `etag` null: there is no row yet. False: the row has another one, or is there or gone against expectation. */
async function overrule(
  client: TableClient,
  { tenantId, id }: SettledDue,
  next: DueEntity | null,
  etag: string | null,
): Promise<boolean> {
  if (next !== null) return etag === null ? create(client, next) : (await replace(client, next, etag)) !== null;
  if (etag === null) return true;
  const remove = async () => {
    await client.deleteEntity(encodeKey(tenantId), encodeKey(id), { etag });
    return true;
  };
  return storageCall(remove, lostRace(false));
}

/** The new ETag; null: the row has another one or is gone. */
async function replace(client: TableClient, entity: DueEntity, etag: string): Promise<string | null> {
  const update = async () => (await client.updateEntity(entity, "Replace", { etag })).etag ?? "";
  return storageCall<string | null>(update, lostRace(null));
}

/** False: there is one. */
async function create(client: TableClient, entity: DueEntity): Promise<boolean> {
  const insert = async () => {
    await client.createEntity(entity);
    return true;
  };
  return storageCall(insert, lostRace(false));
}

function lostRace<T>(value: T): (error: unknown) => { value: T } | null {
  return (error) => (isConflict(error) ? { value } : null);
}

interface Version {
  readonly wish: string;
  readonly etag: string;
}

/**
 * The wish says whether an answer to it still counts; the ETag, which also changes when the sweep puts the wish off, saves
 * reading the row to find out.
 */
function versionOf(wish: string, etag: string | undefined): string {
  return `${wish} ${etag ?? ""}`;
}

/** Null for what is none of ours: it came over the hub, and an ETag of `*` would overrule everything. */
function readVersion(version: string | null): Version | null {
  const [, wish, etag] = /^(\S*) (W\/"[^"\r\n]*")$/.exec(version ?? "") ?? [];
  return wish === undefined || etag === undefined ? null : { wish, etag };
}

function rowOf(entity: StoredEntity): DueRow {
  return decodeValue(entity) as DueRow;
}

/** Earliest first. Tables cannot sort, so all of the filter is read: due rows are few, 1000 of them one request. */
async function read(client: TableClient, filter: string): Promise<readonly StoredDueRow[]> {
  const rows = (await queryAll(client, filter)).map((entity) => ({
    ...rowOf(entity),
    version: versionOf(typeof entity.wish === "string" ? entity.wish : "", entity.etag),
  }));
  return rows.sort((a, b) => a.wakeAt - b.wakeAt);
}
