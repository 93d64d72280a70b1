/** What the health answer says when nobody asks: a log line, every five minutes, for as long as something is wrong. */
import type { Services } from "../ports/services.ts";
import type { LogEvent } from "../ports/signals.ts";
import { health } from "./health.ts";

const everyMs = 5 * 60_000;

/** Call it as often as you like. Throws what storage throws. */
export function createHealthWatch(services: Services): () => Promise<void> {
  let nextAt = services.clock.now() + everyMs;
  return async () => {
    const now = services.clock.now();
    if (now < nextAt) return;
    nextAt = now + everyMs;
    const { status, due, channels } = await health(services);
    if (status === "ok") return;
    const late = Object.entries(channels).filter(([, { oldest }]) => oldest !== null);
    services.logger.error("Due things pile up, or people are not reached", {
      event: "health.degraded" satisfies LogEvent,
      overdue: due.overdue,
      waiting: due.waiting,
      channels: late
        .map(([id, { waiting, lastError }]) => `${id}: ${waiting} wait, ${lastError ?? "no error"}`)
        .join("; "),
    });
  };
}
