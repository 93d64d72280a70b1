/** What the records of one file say together: when objects were created. */
import type { DetectionFacts } from "../../shared/detections/detection.ts";
import type { IdentityEvent } from "../../shared/domain/event.ts";

export interface History {
  factsOf(event: IdentityEvent): Partial<DetectionFacts>;
}

export function createHistory(events: readonly IdentityEvent[]): History {
  const created = new Map(events.flatMap(createdObject));
  const createdAt = (objectId: string) => created.get(objectId) ?? null;
  return { factsOf: () => ({ createdAt }) };
}

function createdObject(event: IdentityEvent): readonly (readonly [string, number])[] {
  const isCreation = event.type === "existence-changed" && event.change === "created";
  return isCreation ? [[event.objectId, Date.parse(event.occurredAt)]] : [];
}
