/** The services of an engine's test, as the app hands them to the API. */
import type { ApiServices } from "../../functions/api/handler.ts";
import { createIngest } from "../../shared/engine/ingest/ingest.ts";
import type { EventSource } from "../../shared/ports/event-source.ts";
import type { Services } from "../../shared/ports/services.ts";

const nothingThere: EventSource = { readAgain: async () => ({ found: false, why: "no hub here" }) };

/** What the app makes of its services for the API (`functions/app.ts`). */
export function apiServices(services: Services, events: EventSource = nothingThere): ApiServices {
  const { tenant: _tenant, notifiers: _notifiers, limits: _limits, instance: _instance, ...rest } = services;
  return { ...rest, events, ingest: createIngest(services) };
}
