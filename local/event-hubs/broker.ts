// An Event Hubs namespace on this machine: an AMQP 1.0 broker the unmodified Azure SDK talks to. State is in memory.
import rhea from "rhea";
import { findHub, type Hubs } from "./address.ts";
import { type Connections, listen } from "./connections.ts";
import { createHub, type Hub } from "./hub.ts";
import { serveLinks } from "./links.ts";
import { type BrokerOptions, checkOptions } from "./options.ts";
import { createPeers } from "./peer.ts";
import { MAX_MESSAGE_BYTES } from "./publish.ts";
import { messageOf } from "./published-message.ts";
import { type RecordedEvent, record } from "./recorded-event.ts";
import { isRefusal } from "./refusal.ts";
import { offerMechanisms } from "./sasl.ts";

export interface EnqueueOptions {
  partitionId?: string;
  partitionKey?: string;
  /** Backdates the event; events of one partition should keep their order in time. */
  enqueuedAt?: Date;
}

export interface EventHubsBroker {
  /** For `@azure/event-hubs`, without `EntityPath`. */
  connectionString: string;
  port: number;
  /** Publishes without a client. Bytes stay as they are, anything else becomes JSON. Throws on an unknown hub or partition. */
  enqueue(hub: string, body: unknown, options?: EnqueueOptions): RecordedEvent;
  /** What the hub retains: partition after partition, oldest first. */
  events(hub: string): RecordedEvent[];
  /** Told of each event as it is stored, from now on; answers how to stop that. */
  subscribe(hub: string, listener: (event: RecordedEvent) => void): () => void;
  /** Resets every connection, as a service update does; clients may come back at once. */
  dropConnections(): void;
  /** An outage: resets every connection and each new one; resolves when it is over. */
  cutFor(ms: number): Promise<void>;
  /** Ends all connections and frees the port. The events are gone. */
  stop(): Promise<void>;
}

const DEFAULT_RETAINED_EVENTS = 100_000;

/** Throws a TypeError on options that make no sense; rejects when the port is taken. */
export async function createEventHubsBroker(options: BrokerOptions): Promise<EventHubsBroker> {
  checkOptions(options);
  const now = options.now ?? (() => new Date());
  const retained = options.retainedEvents ?? DEFAULT_RETAINED_EVENTS;
  const hubs = new Map(options.hubs.map((hub) => [hub.name.toLowerCase(), createHub(hub, now(), retained)]));
  const peers = createPeers();
  const container = rhea.create_container({ id: "event-hubs" });
  offerMechanisms(container);
  serveLinks(container, { hubs, peers, now, onError: options.onError ?? (() => undefined) });
  const connections = await listen(container, options.port ?? 0, {
    maxMessageBytes: MAX_MESSAGE_BYTES,
    onGone: (connection) => peers.forget(connection),
  });
  return brokerOf(hubs, connections, now);
}

function brokerOf(hubs: Hubs, connections: Connections, now: () => Date): EventHubsBroker {
  return {
    port: connections.port,
    connectionString:
      `Endpoint=sb://127.0.0.1:${connections.port};SharedAccessKeyName=RootManageSharedAccessKey;` +
      `SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true`,
    enqueue(hubName, body, { partitionId, partitionKey, enqueuedAt = now() } = {}) {
      const publication = { messages: [messageOf(body)], ...(partitionKey === undefined ? {} : { partitionKey }) };
      const to = partitionId === undefined ? { enqueuedAt } : { enqueuedAt, partitionId };
      const stored = hubNamed(hubs, hubName).publish(publication, to);
      const [first] = isRefusal(stored) ? [] : stored;
      if (first === undefined) {
        throw new RangeError(
          `Event Hub "${hubName}": ${isRefusal(stored) ? stored.description : "nothing was stored"}`,
        );
      }
      return record(first);
    },
    events: (hubName) =>
      hubNamed(hubs, hubName).partitions.flatMap(({ id, retained }) =>
        retained().map((event) => record({ partitionId: id, event })),
      ),
    subscribe: (hubName, listener) => hubNamed(hubs, hubName).subscribe((stored) => listener(record(stored))),
    dropConnections: connections.drop,
    cutFor: connections.cutFor,
    stop: connections.close,
  };
}

function hubNamed(hubs: Hubs, name: string): Hub {
  const hub = findHub(hubs, name);
  if (hub === undefined) {
    const known = [...hubs.values()].map((other) => other.name).join(", ");
    throw new RangeError(`there is no Event Hub "${name}" at this broker; it has: ${known || "none"}`);
  }
  return hub;
}
