/** Counts by name, with the most frequent first; names alike in number are in their own order, so that reports are the same. */

export class Counter {
  readonly #counts = new Map<string, number>();
  readonly #most: number;
  #others = 0;

  /** Beyond so many names, those seen once are counted together. */
  constructor(most = 10_000) {
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
