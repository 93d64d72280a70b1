/** What an event says, shortened to what decides. */
import type { IdentityEvent } from "../../shared/domain/event.ts";

/** Every event has these, and none of them makes it remarkable. */
const ofEveryEvent = new Set(["id", "category", "recordId", "tenantId", "correlationId", "claimedName"]);
const namedFirst = ["type", "occurredAt"];

export function excerpt(event: IdentityEvent): Readonly<Record<string, unknown>> {
  const told = Object.entries({ ...event, actor: idsOf(event.actor), subject: idsOf(event.subject) });
  const shown = told.filter(([key, value]) => !ofEveryEvent.has(key) && value !== undefined);
  return Object.fromEntries(shown.sort(([a], [b]) => rank(a) - rank(b)));
}

function rank(key: string): number {
  const place = namedFirst.indexOf(key);
  return place === -1 ? namedFirst.length : place;
}

/** What is known of somebody, without the empty places and the tenant. */
function idsOf(whom: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(whom).filter(([key, value]) => value !== null && key !== "tenantId"));
}
