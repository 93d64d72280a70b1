// Helpers for tests that talk to the broker with the real Azure SDK.
import {
  EventHubConsumerClient,
  type EventHubConsumerClientOptions,
  EventHubProducerClient,
  type ReceivedEventData,
  type SubscribeOptions,
} from "@azure/event-hubs";
import { onTestFinished } from "vitest";
import { createEventHubsBroker, type EventHubsBroker } from "../../../local/event-hubs/broker.ts";
import type { BrokerOptions } from "../../../local/event-hubs/options.ts";

/**
 * Retries at once and often: the SDK's own first delay is 30 s. A send whose connection is reset while it waits for its
 * answer is only tried again when its own timeout ends, which is 60 s unless told otherwise.
 */
export const quickRetries = { retryOptions: { retryDelayInMs: 20, maxRetries: 50, timeoutInMs: 1000 } };

export async function startBroker(options: Partial<BrokerOptions> = {}): Promise<EventHubsBroker> {
  const broker = await createEventHubsBroker({
    hubs: [{ name: "signals", partitions: 3, consumerGroups: ["second"] }],
    ...options,
  });
  onTestFinished(() => broker.stop());
  return broker;
}

export function producerFor(broker: EventHubsBroker, hub = "signals", options = quickRetries): EventHubProducerClient {
  const producer = new EventHubProducerClient(broker.connectionString, hub, options);
  onTestFinished(() => producer.close());
  return producer;
}

export interface Reading {
  events: ReceivedEventData[];
  errors: (Error & { code?: string })[];
  /** Resolves with all events so far when at least that many came. */
  untilEvents(count: number): Promise<ReceivedEventData[]>;
  untilError(): Promise<Error & { code?: string }>;
  close(): Promise<void>;
}

export interface ReadOptions extends SubscribeOptions {
  consumerGroup?: string;
  hub?: string;
  client?: EventHubConsumerClientOptions;
}

/** Reads one partition with a client of its own. */
export function read(broker: EventHubsBroker, partitionId: string, options: ReadOptions): Reading {
  const { consumerGroup = "$Default", hub = "signals", client: clientOptions = quickRetries, ...subscribe } = options;
  const client = new EventHubConsumerClient(consumerGroup, broker.connectionString, hub, clientOptions);
  const events: ReceivedEventData[] = [];
  const errors: Error[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of waiting) {
      check();
    }
  };
  const until = <T>(answer: () => T | undefined) =>
    new Promise<T>((resolve) => {
      const check = () => {
        const value = answer();
        if (value !== undefined) {
          waiting.delete(check);
          resolve(value);
        }
      };
      waiting.add(check);
      check();
    });
  const subscription = client.subscribe(
    partitionId,
    {
      processEvents: async (batch) => {
        events.push(...batch);
        wake();
      },
      processError: async (error) => {
        errors.push(error);
        wake();
      },
    },
    // A lost connection is noticed when the wait for a batch ends, 60 s later unless told otherwise.
    { maxWaitTimeInSeconds: 1, maxBatchSize: 100, ...subscribe },
  );
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= subscription.close().then(() => client.close());
    return closed;
  };
  onTestFinished(close);
  return {
    events,
    errors,
    untilEvents: (count) => until(() => (events.length >= count ? events : undefined)),
    untilError: () => until(() => errors[0]),
    close,
  };
}
