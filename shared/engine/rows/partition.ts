/**
 * One identity's rows in hand: read by schema, changed through a draft, committed as one transaction. After a commit the new
 * etags are taken over, so that the next commit of the same run needs no reload.
 */
import type { z } from "zod";
import { TerminalError } from "../../domain/errors.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import type { Deed } from "../../domain/ledger.ts";
import { type Change, type IdentityStore, ledgerPrefix, type Row } from "../../ports/stores.ts";
import { appended, endsOf, stillMeets } from "./append.ts";
import { ledgerKey } from "./ledger-rows.ts";

/** Others append to the same chain at the same moment so often at most, unless something is wrong. */
const maxLost = 20;

export interface Partition {
  readonly key: IdentityKey;
  readonly rows: Map<string, Row>;
}

export async function loadPartition(store: IdentityStore, key: IdentityKey): Promise<Partition> {
  return { key, rows: new Map(await store.load(key)) };
}

/** The row's value; null when there is none. A row that does not fit its schema is a bug or somebody's edit: terminal. */
export function read<T extends z.ZodType>(partition: Partition, key: string, Shape: T): z.output<T> | null {
  const row = partition.rows.get(key);
  if (row === undefined) return null;
  const parsed = Shape.safeParse(row.value);
  if (parsed.success) return parsed.data;
  throw new TerminalError(`the stored row ${key} of ${partition.key} is not of its shape`, {
    code: "row-malformed",
    cause: parsed.error,
  });
}

/** Values of all rows whose key begins with the prefix, with what follows the prefix, in key order. */
export function readAll<T extends z.ZodType>(
  partition: Partition,
  prefix: string,
  Shape: T,
): readonly { readonly id: string; readonly value: z.output<T> }[] {
  const keys = [...partition.rows.keys()].filter((key) => key.startsWith(prefix)).sort();
  return keys.flatMap((key) => {
    const value = read(partition, key, Shape);
    return value === null ? [] : [{ id: key.slice(prefix.length), value }];
  });
}

/** Changes to be committed together: later puts of the same row replace earlier ones. */
export class Draft {
  readonly partition: Partition;
  readonly #changes = new Map<string, Change>();
  readonly #deeds: Deed[] = [];

  constructor(partition: Partition) {
    this.partition = partition;
  }

  /** Creates the row, or replaces the one that was read (by its etag). `expiresAt` in epoch ms. */
  put(key: string, value: unknown, expiresAt: number): this {
    const row = this.partition.rows.get(key);
    const change: Change =
      row === undefined
        ? { op: "create", key, value, expiresAt }
        : { op: "replace", key, value, expiresAt, etag: row.etag };
    this.#changes.set(key, change);
    return this;
  }

  /** Deletes the row that was read, if there is one. */
  remove(key: string): this {
    const row = this.partition.rows.get(key);
    if (row === undefined) this.#changes.delete(key);
    else this.#changes.set(key, { op: "delete", key, etag: row.etag });
    return this;
  }

  /** What the commit will append to the ledger, in the same transaction. */
  record(deed: Deed): this {
    this.#deeds.push(deed);
    return this;
  }

  get changes(): readonly Change[] {
    return [...this.#changes.values()];
  }

  /** The rows as they would be after the commit; for reading only. */
  preview(): Partition {
    const rows = new Map(this.partition.rows);
    for (const change of this.changes) {
      if (change.op === "delete") rows.delete(change.key);
      else rows.set(change.key, { key: change.key, etag: "", value: change.value });
    }
    return { key: this.partition.key, rows };
  }

  /** Will the commit write this row? */
  touches(key: string): boolean {
    return this.#changes.has(key);
  }

  /**
   * False: somebody else changed one of the rows; nothing was written. Where others only appended to the same chains of the ledger,
   * the entries go behind theirs.
   */
  async commit(store: IdentityStore): Promise<boolean> {
    const { changes, partition } = this;
    const deeds = store.keepsLedger === false ? [] : this.#deeds;
    if (changes.length === 0 && deeds.length === 0) return true;
    let ends = await endsOf(store, partition, deeds);
    for (let lost = 0; lost < maxLost; lost++) {
      const all = [...changes, ...appended(partition, deeds, ends, changes.length)];
      const result = await store.commit(partition.key, all);
      if (result.ok) return this.#takeOver(all, result.etags);
      if (deeds.length === 0) return false;
      const now = await loadPartition(store, partition.key);
      if (!stillMeets(now, changes)) return false;
      this.#meetHeads(now);
      ends = await endsOf(store, partition, deeds, ends);
    }
    return false;
  }

  #takeOver(changes: readonly Change[], etags: ReadonlyMap<string, string>): true {
    const { rows } = this.partition;
    for (const change of changes) {
      const etag = etags.get(change.key);
      if (change.op === "delete" || etag === undefined) rows.delete(change.key);
      else if (!change.key.startsWith(ledgerPrefix()))
        rows.set(change.key, { key: change.key, etag, value: change.value });
    }
    return true;
  }

  #meetHeads(now: Partition): void {
    for (const key of new Set(this.#deeds.map(({ chain }) => ledgerKey.head(chain)))) {
      const row = now.rows.get(key);
      if (row === undefined) this.partition.rows.delete(key);
      else this.partition.rows.set(key, row);
    }
  }
}
