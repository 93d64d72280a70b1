// Waits until the app is up and has read who depends on what: a reading later than the attack would prove nothing.
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const Health = z.looseObject({ dependencyCache: z.looseObject({ readAt: z.string() }).nullable() });
const LIMIT_MS = 40_000;
const LOOK_EVERY_MS = 200;

/**
 * @param hostUrl without a slash at its end
 * @returns how long it took, ms
 * @throws Error with the last answer when it is not ready in time, or the play was ended
 */
export async function untilReady(hostUrl: string, signal: AbortSignal): Promise<number> {
  const startedAt = Date.now();
  const url = `${hostUrl}/api/health`;
  let last = "no answer";
  while (Date.now() - startedAt < LIMIT_MS) {
    signal.throwIfAborted();
    const response = await fetch(url).catch((error: unknown) => String(error));
    if (typeof response === "string") {
      last = response;
    } else {
      const text = await response.text();
      if (response.status === 200 && hasDependencies(text)) return Date.now() - startedAt;
      last = `${response.status} ${text.slice(0, 500)}`;
    }
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`The app was not ready after ${LIMIT_MS / 1000} s. ${url} last answered: ${last}`);
}

function hasDependencies(text: string): boolean {
  try {
    const parsed = Health.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.dependencyCache !== null;
  } catch {
    return false;
  }
}
