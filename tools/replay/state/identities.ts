/** The identity store of a replay: rows in memory, gone when they expire. Notices are told to nobody. */
import { TerminalError } from "../../../shared/domain/errors.ts";
import type { Change, CommitResult, IdentityStore, Row } from "../../../shared/ports/stores.ts";

interface StoredRow extends Omit<Row, "value"> {
  readonly json: string;
  readonly expiresAt: number;
}

/** Called with every change that was committed, before the commit answers. */
export type Committed = (key: string, changes: readonly Change[]) => void;

export interface ReplayIdentities extends IdentityStore {
  /** Without a trace. */
  forget(key: string): void;
  readonly size: number;
}

const noticePrefix = "out|";

export function createIdentities(committed: Committed): ReplayIdentities {
  const partitions = new Map<string, Map<string, StoredRow>>();
  let version = 0;
  const purge = (now: number, limit = Number.POSITIVE_INFINITY) => {
    let purged = 0;
    for (const [key, rows] of partitions) {
      for (const [name, { expiresAt }] of rows) if (purged < limit && expiresAt < now && rows.delete(name)) purged += 1;
      if (rows.size === 0) partitions.delete(key);
    }
    return purged;
  };
  return {
    get size() {
      return partitions.size;
    },
    forget: (key) => void partitions.delete(key),
    async load(key) {
      return new Map([...(partitions.get(key) ?? [])].map(([name, row]) => [name, copied(row)]));
    },
    // what it would have done is told as it happens
    keepsLedger: false,
    entries: async () => [],
    async commit(key, changes) {
      assertFits(changes);
      const rows = partitions.get(key) ?? new Map<string, StoredRow>();
      if (!changes.every((change) => stands(change, rows))) return { ok: false, reason: "conflict" };
      const written = changes.filter(({ op }) => op !== "delete");
      const etags = new Map(written.map(({ key: name }) => [name, `replay-${++version}`]));
      for (const change of changes) apply(change, rows, etags.get(change.key) ?? "");
      if (rows.size > 0) partitions.set(key, rows);
      else partitions.delete(key);
      committed(key, changes);
      return { ok: true, etags } satisfies CommitResult;
    },
    async *list(rowPrefix) {
      for (const [identity, rows] of [...partitions].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        for (const row of rows.values()) if (row.key.startsWith(rowPrefix)) yield { identity, row: copied(row) };
      }
    },
    purgeExpired: async (now, limit) => purge(now, limit),
  };
}

/** What Table Storage refuses is refused here, too: one transaction has 100 rows at most, each once and with a JSON form. */
function assertFits(changes: readonly Change[]): void {
  const isDouble = new Set(changes.map(({ key }) => key)).size !== changes.length;
  const hasNoJson = changes.some((change) => change.op !== "delete" && JSON.stringify(change.value) === undefined);
  if (changes.length > 100 || isDouble || hasNoJson)
    throw new TerminalError("The commit is too large, changes a row twice, or has no JSON form.", {
      code: "bad-commit",
    });
}

/** Nobody changes what another reader holds. */
function copied({ key, etag, json }: StoredRow): Row {
  return { key, etag, value: JSON.parse(json) };
}

function stands(change: Change, rows: ReadonlyMap<string, StoredRow>): boolean {
  return change.op === "create" ? !rows.has(change.key) : rows.get(change.key)?.etag === change.etag;
}

function apply(change: Change, rows: Map<string, StoredRow>, etag: string): void {
  if (change.op === "delete") rows.delete(change.key);
  else if (!change.key.startsWith(noticePrefix)) {
    const { key, value, expiresAt } = change;
    rows.set(key, { key, etag, json: JSON.stringify(value), expiresAt });
  }
}
