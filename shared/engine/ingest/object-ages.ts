/** When objects came to be, as far as this process saw it: their creators own them from the first moment, and that is no news. */
import type { IdentityEvent } from "../../domain/event.ts";

export interface ObjectAges {
  note(event: IdentityEvent): void;
  /** epoch ms; null: not seen, which proves nothing */
  createdAt(objectId: string): number | null;
}

/** The records of one creation come within minutes; a flood of others only costs a question more. */
const mostObjects = 2_000;

export function createObjectAges(): ObjectAges {
  const ages = new Map<string, number>();
  return {
    note(event) {
      if (event.type !== "existence-changed" || event.change !== "created" || event.objectId === null) return;
      ages.delete(event.objectId);
      ages.set(event.objectId, Date.parse(event.occurredAt));
      const [oldest] = ages.keys();
      if (ages.size > mostObjects && oldest !== undefined) ages.delete(oldest);
    },
    createdAt: (objectId) => ages.get(objectId) ?? null,
  };
}
