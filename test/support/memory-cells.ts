/** The tables of the stores in memory: JSON values by table and key. */
import type { StoredRow } from "./memory-identities.ts";

/** What storage holds: give the same one to two `createMemoryStores` for two processes on one storage. */
export interface MemoryData {
  readonly identities: Map<string, Map<string, StoredRow>>;
  readonly simple: Map<string, Map<string, unknown>>;
  version: number;
}

/** One JSON value in one table. */
export class Cell<T> {
  readonly #rows: Map<string, unknown>;
  readonly #key: string;
  constructor(data: MemoryData, tableName: string, key: string) {
    const rows = data.simple.get(tableName) ?? new Map<string, unknown>();
    data.simple.set(tableName, rows);
    this.#rows = rows;
    this.#key = key;
  }
  get(): T | undefined {
    const value = this.#rows.get(this.#key);
    return value === undefined ? undefined : (structuredClone(value) as T);
  }
  set(value: T): void {
    this.#rows.set(this.#key, structuredClone(value));
  }
  remove(): void {
    this.#rows.delete(this.#key);
  }
}

export function rowsOf<T>(data: MemoryData, tableName: string): T[] {
  return [...(data.simple.get(tableName)?.values() ?? [])].map((value) => structuredClone(value) as T);
}
