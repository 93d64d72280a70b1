// Registered retry policies.
import { describe, expect, it } from "vitest";
import { retryDelayMs, runWithRetries } from "../../../local/host/retry-policy.ts";

const forEver = { retryStrategy: "fixedDelay", maxRetryCount: -1, delayInterval: { seconds: 0 } } as const;

function failing(times: number): { attempt: () => Promise<void>; attempts: () => number } {
  let count = 0;
  return {
    async attempt() {
      count += 1;
      if (count <= times) throw new Error(`failure ${count}`);
    },
    attempts: () => count,
  };
}

describe("a retry policy", () => {
  const stop = new AbortController().signal;

  it("of -1 reruns until the work succeeds", async () => {
    const work = failing(25);
    expect(await runWithRetries(work.attempt, forEver, stop)).toBe("succeeded");
    expect(work.attempts()).toBe(26);
  });

  it("of two gives up after the second rerun", async () => {
    const work = failing(9);
    expect(await runWithRetries(work.attempt, { ...forEver, maxRetryCount: 2 }, stop)).toBe("failed");
    expect(work.attempts()).toBe(3);
  });

  it("that is missing means one attempt", async () => {
    expect(await runWithRetries(failing(1).attempt, undefined, stop)).toBe("failed");
  });

  it("leaves the work unfinished when the host stops during the wait", async () => {
    const stopping = new AbortController();
    const policy = { ...forEver, delayInterval: { seconds: 60 } };
    const run = runWithRetries(failing(9).attempt, policy, stopping.signal);
    stopping.abort();
    expect(await run).toBe("stopped");
  });

  it("tells the rerun which one it is and why", async () => {
    const seen: unknown[] = [];
    await runWithRetries(
      async (retry) => {
        seen.push(retry?.exception?.message);
        if (seen.length < 3) throw new Error(`attempt ${seen.length}`);
      },
      forEver,
      stop,
    );
    expect(seen).toEqual([undefined, "attempt 1", "attempt 2"]);
  });

  it("with exponential backoff grows from its minimum to its maximum", () => {
    const policy = {
      retryStrategy: "exponentialBackoff",
      minimumInterval: { seconds: 1 },
      maximumInterval: { seconds: 30 },
    } as const;
    const delays = [0, 1, 2, 3, 10, 2000].map((retry) => retryDelayMs(policy, retry, () => 0.5));
    expect(delays).toEqual([1000, 2000, 4000, 8000, 30_000, 30_000]);
  });
});
