/**
 * One identity's rows in hand: read by schema, changed through a draft, committed as one transaction. After a commit the new
 * etags are taken over, so that the next commit of the same run needs no reload.
 */
import type { z } from "zod";
import { TerminalError } from "../../domain/errors.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import type { Deed } from "../../domain/ledger.ts";
import type { Change, IdentityStore, Row } from "../../ports/stores.ts";

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

  get deeds(): readonly Deed[] {
    return this.#deeds;
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

  /** False: somebody else changed one of the rows; nothing was written. */
  async commit(store: IdentityStore): Promise<boolean> {
    if (this.#changes.size === 0) return true;
    const result = await store.commit(this.partition.key, this.changes);
    if (!result.ok) return false;
    for (const change of this.changes) {
      const etag = result.etags.get(change.key);
      if (change.op === "delete" || etag === undefined) this.partition.rows.delete(change.key);
      else this.partition.rows.set(change.key, { key: change.key, etag, value: change.value });
    }
    return true;
  }
}
