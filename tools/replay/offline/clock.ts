/** Time as the records tell it: it only goes forward, and nobody waits. */
import type { Clock } from "../../../shared/ports/clock.ts";

export interface ReplayClock extends Clock {
  /** To that moment, epoch ms; never back. */
  moveTo(at: number): void;
}

export function createReplayClock(): ReplayClock {
  let now = 0;
  return {
    now: () => now,
    sleep: async () => undefined,
    moveTo(at) {
      now = Math.max(now, at);
    },
  };
}
