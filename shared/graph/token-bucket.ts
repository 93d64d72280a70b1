/** A token bucket: never more than `burst` + rate × t in any stretch of time t. */

export interface BucketRate {
  readonly ratePerSecond: number;
  /** most tokens that can be saved up */
  readonly burst: number;
  /** tokens at first start, when we do not know what an earlier process took; default: `burst` */
  readonly start?: number;
}

interface Bucket {
  /** Milliseconds until `cost` can be taken; 0 when it can be now. A cost above `burst` counts as `burst`. */
  waitMs(now: number, cost: number): number;
  /** Takes it, below zero if need be: then later callers wait longer. */
  take(now: number, cost: number): void;
}

export function createBucket({ ratePerSecond, burst, start = burst }: BucketRate, startedAt: number): Bucket {
  let tokens = Math.min(start, burst);
  let countedAt = startedAt;
  function refill(now: number): void {
    if (now <= countedAt) return;
    tokens = Math.min(burst, tokens + ((now - countedAt) / 1000) * ratePerSecond);
    countedAt = now;
  }
  return {
    waitMs(now, cost) {
      refill(now);
      const missing = Math.min(cost, burst) - tokens;
      // Sums of fractions miss a whole token by a hair; a wait of nothing would spin.
      return missing <= 1e-6 ? 0 : Math.max(1, Math.ceil((missing / ratePerSecond) * 1000));
    },
    take(now, cost) {
      refill(now);
      tokens -= Math.min(cost, burst);
    },
  };
}
