// Reruns a failed invocation as its registered retry policy says; counts are kept in memory only, as in Azure.
import { setTimeout as sleep } from "node:timers/promises";
import type { RetryContext, RetryOptions } from "./core-types.ts";

/** `stopped`: the host stops while a retry was due, so the work counts as unfinished. */
export type RunResult = "succeeded" | "failed" | "stopped";

const JITTER = 0.2;

/**
 * @param attempt runs the function once; rejects when the handler threw
 * @param policy none means one attempt; `maxRetryCount` −1 means for ever
 * @param stop aborted when the host stops
 */
export async function runWithRetries(
  attempt: (retry: RetryContext | undefined) => Promise<unknown>,
  policy: RetryOptions | undefined,
  stop: AbortSignal,
): Promise<RunResult> {
  const maxRetryCount = policy?.maxRetryCount ?? 0;
  let context: RetryContext | undefined;
  for (let retryCount = 0; ; retryCount += 1) {
    const error = await failureOf(attempt(context));
    if (error === undefined) return "succeeded";
    if (policy === undefined || (maxRetryCount !== -1 && retryCount >= maxRetryCount)) return "failed";
    if (!(await pause(retryDelayMs(policy, retryCount), stop))) return "stopped";
    context = { retryCount: retryCount + 1, maxRetryCount, exception: describe(error.thrown) };
  }
}

/** Milliseconds to wait after failed attempt number `retryCount` (0-based); exponential delays carry ±20 % jitter. */
export function retryDelayMs(policy: RetryOptions, retryCount: number, random: () => number = Math.random): number {
  if (policy.retryStrategy !== "exponentialBackoff") return (policy.delayInterval?.seconds ?? 0) * 1000;
  const minimum = (policy.minimumInterval?.seconds ?? 0) * 1000;
  const maximum = (policy.maximumInterval?.seconds ?? 0) * 1000;
  const grown = minimum * 2 ** Math.min(retryCount, 30) * (1 - JITTER + 2 * JITTER * random());
  return Math.round(Math.min(maximum, Math.max(minimum, grown)));
}

async function failureOf(work: Promise<unknown>): Promise<{ thrown: unknown } | undefined> {
  try {
    await work;
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

/** @returns false when the host stopped meanwhile */
async function pause(delayMs: number, stop: AbortSignal): Promise<boolean> {
  try {
    await sleep(delayMs, undefined, { signal: stop });
    return true;
  } catch (error) {
    if (stop.aborted) return false;
    throw error;
  }
}

function describe(error: unknown): { message: string; stackTrace?: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  return error.stack === undefined ? { message: error.message } : { message: error.message, stackTrace: error.stack };
}
