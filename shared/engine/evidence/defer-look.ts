/** When to look again for what Graph does not show yet: by the time since the newest arrived, so that an outage uses up no look. */
import type { Services } from "../../ports/services.ts";

/** `arrivedAt`: ISO 8601, at least one. Epoch ms of the next look; null: the last one is over. */
export function deferLook({ clock, limits }: Services, arrivedAt: readonly string[]): number | null {
  let at = Math.max(...arrivedAt.map((time) => Date.parse(time)));
  for (const waitMs of limits.deferMs) {
    at += waitMs;
    if (at > clock.now()) return at;
  }
  return null;
}
