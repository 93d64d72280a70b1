/** One lane: a queue before a token bucket. First come, first served; `high` before `normal` before `low`. */
import type { Clock } from "../ports/clock.ts";
import type { CallOptions } from "../ports/tenant.ts";
import { type BucketRate, createBucket } from "./token-bucket.ts";

export interface LaneRate extends BucketRate {
  /** part of the lane, 0 to 1, that callers of low priority (timers) may use together */
  readonly lowShare: number;
}

export interface Turn {
  readonly cost: number;
  readonly priority: NonNullable<CallOptions["priority"]>;
  /** epoch ms */
  readonly deadlineAt: number;
  /** lower goes first */
  readonly ticket: number;
}

/** `retryAfterMs`: how long the lane is paused beyond the caller's deadline, if that is why it was turned away. */
export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly retryAfterMs: number | null };

interface Waiting extends Turn {
  readonly settle: (admission: Admission) => void;
}

interface LaneQueue {
  enter(turn: Turn): Promise<Admission>;
  /** Nobody enters for `ms` from now; a shorter pause never ends a longer one. */
  pause(ms: number): void;
  /** Takes tokens without waiting, for what another lane let through at this one's expense. */
  charge(cost: number): void;
}

const rank = { high: 0, normal: 1, low: 2 };

export function createLane(clock: Clock, rate: LaneRate): LaneQueue {
  const all = createBucket(rate, clock.now());
  const lowRate = { ratePerSecond: rate.ratePerSecond * rate.lowShare, burst: Math.max(1, rate.burst * rate.lowShare) };
  const low = createBucket(lowRate, clock.now());
  const queue: Waiting[] = [];
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let sleeping: { readonly until: number; readonly wake: AbortController } | null = null;
  let serving = false;

  function turnAwayTheLate(now: number): void {
    for (let i = queue.length - 1; i >= 0; i--) {
      const waiting = queue[i];
      if (waiting === undefined || (now < waiting.deadlineAt && pausedUntil < waiting.deadlineAt)) continue;
      queue.splice(i, 1);
      waiting.settle({ admitted: false, retryAfterMs: pausedUntil > now ? pausedUntil - now : null });
    }
  }

  function waitFor({ cost, priority }: Turn, now: number): number {
    const forLow = priority === "low" ? low.waitMs(now, cost) : 0;
    return Math.max(pausedUntil - now, all.waitMs(now, cost), forLow);
  }

  /** Admits whoever may go now; answers how long to sleep, or null when nobody waits. */
  function admit(): number | null {
    for (;;) {
      const now = clock.now();
      turnAwayTheLate(now);
      const first = queue[0];
      if (first === undefined) return null;
      const waitMs = waitFor(first, now);
      if (waitMs > 0) return Math.min(waitMs, ...queue.map(({ deadlineAt }) => deadlineAt - now));
      all.take(now, first.cost);
      if (first.priority === "low") low.take(now, first.cost);
      queue.shift();
      first.settle({ admitted: true });
    }
  }

  async function serve(): Promise<void> {
    if (serving) return;
    serving = true;
    for (let ms = admit(); ms !== null; ms = admit()) {
      sleeping = { until: clock.now() + ms, wake: new AbortController() };
      // The clock rejects only when woken early.
      await clock.sleep(ms, sleeping.wake.signal).catch(() => undefined);
      sleeping = null;
    }
    serving = false;
  }

  return {
    enter(turn) {
      const { promise, resolve } = Promise.withResolvers<Admission>();
      const place = queue.findIndex((other) => comesBefore(turn, other));
      queue.splice(place === -1 ? queue.length : place, 0, { ...turn, settle: resolve });
      if (sleeping !== null && (place === 0 || turn.deadlineAt < sleeping.until)) sleeping.wake.abort();
      void serve();
      return promise;
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
      sleeping?.wake.abort();
    },
    charge(cost) {
      all.take(clock.now(), cost);
    },
  };
}

function comesBefore(a: Turn, b: Turn): boolean {
  return rank[a.priority] - rank[b.priority] < 0 || (a.priority === b.priority && a.ticket < b.ticket);
}
