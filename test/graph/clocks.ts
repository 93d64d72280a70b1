/** Clocks for these tests: one that jumps over every sleep, one that is moved by hand. */
import type { Clock } from "../../shared/ports/clock.ts";

export interface JumpingClock extends Clock {
  readonly slept: number[];
}

/** Sleeps end at once and move the time, so waits are seen and not felt. */
export function jumpingClock(start = 1_000_000): JumpingClock {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms) {
      slept.push(ms);
      now += ms;
    },
  };
}

export interface HandClock extends Clock {
  /** Moves the time, waking sleepers in their order. */
  advance(ms: number): Promise<void>;
}

export function handClock(start = 0): HandClock {
  let now = start;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason);
        });
      });
    },
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        await settle();
        const next = sleepers.toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > until) break;
        sleepers = sleepers.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.wake();
      }
      now = until;
    },
  };
}
