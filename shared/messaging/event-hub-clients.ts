/** Producers for our hubs, and consumers of single events: by connection string (a laptop) or by identity (Azure). They connect when first used. */
import { type EventHubClientOptions, EventHubConsumerClient, EventHubProducerClient } from "@azure/event-hubs";
import type { TokenCredential } from "@azure/identity";

export type EventHubsConnection =
  | { readonly connectionString: string }
  | { readonly fullyQualifiedNamespace: string; readonly credential: TokenCredential };

/** A send in flight when a connection drops hangs until this timeout; the defaults (60 s, 30 s) would stall a containment. */
const options: EventHubClientOptions = {
  retryOptions: { timeoutInMs: 8_000, maxRetries: 3, retryDelayInMs: 250, maxRetryDelayInMs: 2_000 },
};

export function createProducer(connection: EventHubsConnection, hub: string): EventHubProducerClient {
  return "connectionString" in connection
    ? new EventHubProducerClient(connection.connectionString, hub, options)
    : new EventHubProducerClient(connection.fullyQualifiedNamespace, hub, connection.credential, options);
}

export function createConsumer(connection: EventHubsConnection, hub: string, group: string): EventHubConsumerClient {
  return "connectionString" in connection
    ? new EventHubConsumerClient(group, connection.connectionString, hub, options)
    : new EventHubConsumerClient(group, connection.fullyQualifiedNamespace, hub, connection.credential, options);
}
