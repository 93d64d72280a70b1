/** The machine's clock. */
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../ports/clock.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await wait(Math.max(0, ms), undefined, signal === undefined ? {} : { signal });
  },
};
