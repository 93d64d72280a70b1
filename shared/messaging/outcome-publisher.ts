/** Tells the world what was found and done: OCSF events on the `outcomes` hub, in order per identity. */
import type { Notice, OutcomePublisher } from "../ports/outbox.ts";
import { type EventProducer, sendEvents } from "./event-hub-producer.ts";
import { toOcsf, withoutData } from "./ocsf.ts";

interface OutcomePublisherOptions {
  /** an `EventHubProducerClient` of the `outcomes` hub */
  readonly producer: EventProducer;
  /** epoch ms */
  readonly now: () => number;
}

/** `publish` throws RetryableError; TerminalError for a notice that even without its data is too large for the hub. */
export function createOutcomePublisher({ producer, now }: OutcomePublisherOptions): OutcomePublisher {
  return {
    async publish(notices) {
      for (const [partitionKey, group] of byIdentity(notices)) {
        const events = group.map((notice) => toOcsf(notice, now()));
        await sendEvents(producer, events, { partitionKey, shrink: withoutData });
      }
    },
  };
}

function byIdentity(notices: readonly Notice[]): ReadonlyMap<string, Notice[]> {
  return Map.groupBy(notices, ({ identity }) => identity.key);
}
