/** A clock that stands still until told; `sleep` ends when the time has come. */
import type { Clock } from "../../shared/ports/clock.ts";

interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
}

export class FakeClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  /** `start`: epoch ms or anything `Date.parse` reads */
  constructor(start: number | string = "2026-01-15T12:00:00.000Z") {
    this.#now = typeof start === "number" ? start : Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  /** How many sleeps are pending. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = { wakeAt: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        if (this.#sleepers.delete(sleeper)) reject(signal.reason);
      });
    });
  }

  /** Moves time forward, waking sleepers in order; what they do then may sleep again within the same advance. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (let next = this.#nextBefore(until); next !== undefined; next = this.#nextBefore(until)) {
      this.#sleepers.delete(next);
      this.#now = Math.max(this.#now, next.wakeAt);
      next.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = until;
  }

  /** Back to a moment, for a world that is put back to how it was then. */
  rewind(to: number): void {
    this.#sleepers.clear();
    this.#now = to;
  }

  #nextBefore(until: number): Sleeper | undefined {
    return [...this.#sleepers].filter((one) => one.wakeAt <= until).sort((a, b) => a.wakeAt - b.wakeAt)[0];
  }
}
