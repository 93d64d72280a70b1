/** Wakes the writer through the `plans` hub, which has a single partition and hence a single reader. */
import type { PlanQueue } from "../ports/outbox.ts";
import { type EventProducer, sendEvents } from "./event-hub-producer.ts";

/** `producer` is an `EventHubProducerClient` of the `plans` hub. `publish` throws RetryableError. */
export function createPlanQueue({ producer }: { readonly producer: EventProducer }): PlanQueue {
  return { publish: (messages) => sendEvents(producer, messages) };
}
