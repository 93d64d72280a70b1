/** JSON values in memory, at a bounded cost: beyond it, what was used longest ago is forgotten. */

interface Kept {
  readonly json: string;
  readonly version: number;
}

export class Bounded<T> {
  readonly #entries = new Map<string, Kept>();
  readonly #mostCharacters: number;
  #characters = 0;
  #version = 0;
  #forgotten = 0;

  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters;
  }

  /** How many were forgotten for lack of room. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get(key: string): { readonly value: T; readonly version: number } | null {
    const kept = this.#entries.get(key);
    if (kept === undefined) return null;
    this.#entries.delete(key);
    this.#entries.set(key, kept);
    return { value: JSON.parse(kept.json) as T, version: kept.version };
  }

  /** Of those kept, in the order of their last use. */
  keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  version(key: string): number | null {
    return this.#entries.get(key)?.version ?? null;
  }

  set(key: string, value: T): number {
    this.#drop(key);
    const kept = { json: JSON.stringify(value), version: ++this.#version };
    this.#entries.set(key, kept);
    this.#characters += kept.json.length + key.length;
    while (this.#characters > this.#mostCharacters && this.#entries.size > 1) this.#forgetOldest();
    return kept.version;
  }

  #forgetOldest(): void {
    const oldest = this.#entries.keys().next();
    if (oldest.done === true) return;
    this.#drop(oldest.value);
    this.#forgotten += 1;
  }

  #drop(key: string): void {
    const kept = this.#entries.get(key);
    if (kept === undefined) return;
    this.#characters -= kept.json.length + key.length;
    this.#entries.delete(key);
  }
}
