/** What comes with the creation of an object is no change of it. */
import type { IdentityEvent } from "../../domain/event.ts";
import type { DetectionFacts } from "../detection.ts";

/** One creation writes several records within seconds. */
const creationMs = 60_000;

/** Not seen to be created proves nothing: false. */
export function isAtCreation(event: IdentityEvent, objectId: string, { createdAt, baseline }: DetectionFacts): boolean {
  const seen = createdAt?.(objectId) ?? baseline?.seen.life?.[`created:${objectId}`]?.[0] ?? null;
  return seen !== null && Math.abs(Date.parse(event.occurredAt) - seen) < creationMs;
}
