/** The identity store in memory: partitions of rows, committed all together or not at all. */
import { TerminalError } from "../../shared/domain/errors.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import {
  type Change,
  type CommitResult,
  type IdentityStore,
  ledgerPrefix,
  type Row,
} from "../../shared/ports/stores.ts";

export interface StoredRow {
  readonly json: string;
  readonly etag: string;
  readonly expiresAt: number;
  /** by the clock of storage */
  readonly writtenAt: number;
}

interface MemoryIdentities {
  readonly identities: Map<string, Map<string, StoredRow>>;
  version: number;
}

export function identityStore(data: MemoryIdentities, clock: Clock): IdentityStore {
  const partition = (key: string) => data.identities.get(key) ?? new Map<string, StoredRow>();
  return {
    async load(key) {
      const rows = [...partition(key)].filter(([rowKey]) => !rowKey.startsWith(ledgerPrefix()));
      return new Map(rows.map(([rowKey, row]) => [rowKey, toRow(rowKey, row)]));
    },
    async entries(key, chain) {
      const rows = [...partition(key)].filter(([rowKey]) => rowKey.startsWith(ledgerPrefix(chain)));
      return rows.map(([rowKey, row]) => toRow(rowKey, row)).sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    commit: async (key, changes) => commit(data, key, changes, clock.now()),
    async *list(rowPrefix, since = 0) {
      for (const [identity, rows] of [...data.identities].sort(([a], [b]) => (a < b ? -1 : 1))) {
        for (const [rowKey, row] of [...rows]) {
          if (rowKey.startsWith(rowPrefix) && row.writtenAt >= since) yield { identity, row: toRow(rowKey, row) };
        }
      }
    },
    async purgeExpired(now, limit) {
      let purged = 0;
      for (const rows of data.identities.values()) {
        for (const [rowKey, row] of [...rows]) {
          if (purged < limit && row.expiresAt < now && rows.delete(rowKey)) purged += 1;
        }
      }
      return purged;
    },
  };
}

function toRow(key: string, row: StoredRow): Row {
  return { key, etag: row.etag, value: JSON.parse(row.json) };
}

function commit(data: MemoryIdentities, key: string, changes: readonly Change[], writtenAt: number): CommitResult {
  if (changes.length > 100 || new Set(changes.map((change) => change.key)).size !== changes.length) {
    throw new TerminalError("The commit is too large or changes a row twice.", { code: "bad-commit" });
  }
  const rows = data.identities.get(key) ?? new Map<string, StoredRow>();
  const fits = changes.every((change) =>
    change.op === "create" ? !rows.has(change.key) : rows.get(change.key)?.etag === change.etag,
  );
  if (!fits) return { ok: false, reason: "conflict" };
  const jsons = changes.map((change) => (change.op === "delete" ? "" : toJson(change.value)));
  const etags = new Map<string, string>();
  for (const [index, change] of changes.entries()) {
    if (change.op === "delete") {
      rows.delete(change.key);
      continue;
    }
    data.version += 1;
    const etag = `memory-${data.version}`;
    rows.set(change.key, { json: jsons[index] ?? "", etag, expiresAt: change.expiresAt, writtenAt });
    etags.set(change.key, etag);
  }
  data.identities.set(key, rows);
  return { ok: true, etags };
}

function toJson(value: unknown): string {
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined)
    throw new TerminalError("A value without a JSON form cannot be stored.", { code: "not-json" });
  return json;
}
