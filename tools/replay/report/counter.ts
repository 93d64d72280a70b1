/** Counts by name, with the most frequent first; names alike in number are in their own order, so that reports are the same. */

const mostNames = 10_000;

export class Counter {
  readonly #counts = new Map<string, number>();
  readonly #most: number;
  #others = 0;

  /** Beyond so many names, those seen once are counted together. */
  constructor(most = mostNames) {
    this.#most = most;
  }

  add(name: string, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
    if (this.#counts.size > this.#most) this.#dropRare();
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, this.#others);
  }

  sorted(atMost = Number.POSITIVE_INFINITY): readonly { readonly name: string; readonly count: number }[] {
    return [...this.#counts]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
      .slice(0, atMost);
  }

  #dropRare(): void {
    const kept = this.sorted(Math.floor(this.#most / 2));
    this.#others = this.total - kept.reduce((sum, { count }) => sum + count, 0);
    this.#counts.clear();
    for (const { name, count } of kept) this.#counts.set(name, count);
  }
}

/** Counts by key, each shown by the fullest of the names it was given. */
export class NamedCounter {
  readonly #counts = new Counter();
  readonly #names = new Map<string, string>();

  add(key: string, name: string): void {
    this.#counts.add(key);
    const known = this.#names.get(key) ?? "";
    if (isFuller(name, known)) this.#names.set(key, name);
    if (this.#names.size > 4 * mostNames) this.#names.clear();
  }

  sorted(atMost: number): readonly { readonly name: string; readonly count: number }[] {
    return this.#counts.sorted(atMost).map(({ name: key, count }) => ({ name: this.#names.get(key) ?? key, count }));
  }
}

/** The longer one; of two as long, the first in order, so that it does not matter which came first. */
function isFuller(name: string, known: string): boolean {
  return name.length > known.length || (name.length === known.length && name < known);
}
