/** When a failed request is sent again, and how long before: a budget of time, not of attempts. */

import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { ApiFailure, Lane } from "../ports/tenant.ts";
import { link } from "./call.ts";
import type { Lanes } from "./lanes.ts";

export interface RetryParts {
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive */
  readonly random: () => number;
  readonly lanes: Lanes;
  readonly logger: Logger;
  /** told each answer as it comes, also those that are asked for again; status 0: none came */
  readonly answered?: (lane: Lane, status: number) => void;
}

const passingReadStatuses = [500, 502, 503, 504];

/** A write is repeated only when the server said it did not take it up; a read also after a lost answer. */
export function mayRepeat(failure: ApiFailure, repeatable: boolean): boolean {
  if (failure.status === 429) return true;
  if (failure.status === 503 && failure.retryAfterMs !== null) return true;
  if (!repeatable) return false;
  return passingReadStatuses.includes(failure.status) || ["network", "timeout"].includes(failure.code);
}

/** Exactly what the server asks for; else exponential with full jitter, above a floor that keeps bad luck from hammering. */
export function delayMs(failure: ApiFailure, lane: Lane, attempt: number, random: () => number): number {
  if (failure.retryAfterMs !== null) return failure.retryAfterMs;
  // Identity Protection never names a time, and one request a second is the whole tenant's (throttling limits page).
  if (failure.status === 429 && lane === "identity-protection") return Math.min(8_000, 1_100 * 2 ** attempt);
  return 100 + Math.floor(random() * Math.min(20_000, 500 * 2 ** attempt));
}

export function retryLink(parts: RetryParts) {
  return link(async (call, _context, next) => {
    const { lane, repeatable, options } = call.facts;
    for (let attempt = 0; ; attempt++) {
      await next();
      const { answer } = call;
      if (answer === null || answer.ok || !mayRepeat(answer, repeatable)) return;
      const waitMs = delayMs(answer, lane, attempt, parts.random);
      if (answer.status === 429) parts.lanes.pause(lane, waitMs);
      if (parts.clock.now() + waitMs >= options.deadlineAt) return;
      logRetry(parts.logger, answer, lane, waitMs, attempt);
      // A throttled request waits in its lane instead, where it keeps its place before those who came later.
      if (answer.status !== 429) await parts.clock.sleep(waitMs);
    }
  });
}

export function logRetry(logger: Logger, failure: ApiFailure, lane: Lane, waitMs: number, attempt: number): void {
  const { status, code, requestId } = failure;
  logger.warn("A request will be sent again", { lane, status, code, requestId, waitMs, attempt });
}
