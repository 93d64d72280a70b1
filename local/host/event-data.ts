// Event Hubs events as Azure's host hands them to the worker: bodies as text, metadata in arrays beside them.
import type { PartitionContext, ReceivedEventData } from "@azure/event-hubs";
import type { TypedData } from "./core-types.ts";

/** What one invocation gets. */
export interface TriggerData {
  readonly data: TypedData;
  readonly triggerMetadata: Record<string, TypedData>;
}

/**
 * Cardinality `many`. The host sends a collection of strings and the library parses each as JSON where it can, so a JSON
 * body arrives as an object and any other text as itself. Names are .NET's; the library turns them to camel case.
 */
export function batchData(events: readonly ReceivedEventData[], partition: PartitionContext): TriggerData {
  return {
    data: { collectionString: { string: events.map(bodyText) } },
    triggerMetadata: {
      PartitionContext: json(partitionOf(partition)),
      // Azure's host drops missing keys from this array, which therefore may be shorter than the batch.
      PartitionKeyArray: { collectionString: { string: events.flatMap((event) => event.partitionKey ?? []) } },
      OffsetArray: { collectionString: { string: events.map((event) => String(event.offset)) } },
      SequenceNumberArray: { collectionSint64: { sint64: events.map((event) => event.sequenceNumber) } },
      EnqueuedTimeUtcArray: json(events.map((event) => event.enqueuedTimeUtc)),
      PropertiesArray: json(events.map((event) => event.properties ?? {})),
      SystemPropertiesArray: json(events.map(systemProperties)),
    },
  };
}

/** Cardinality `one`. */
export function singleData(event: ReceivedEventData, partition: PartitionContext): TriggerData {
  return {
    data: { string: bodyText(event) },
    triggerMetadata: {
      PartitionContext: json(partitionOf(partition)),
      ...(event.partitionKey == null ? {} : { PartitionKey: { string: event.partitionKey } }),
      Offset: { string: String(event.offset) },
      SequenceNumber: { int: event.sequenceNumber },
      EnqueuedTimeUtc: json(event.enqueuedTimeUtc),
      Properties: json(event.properties ?? {}),
      SystemProperties: json(systemProperties(event)),
    },
  };
}

/** The receiver is told not to parse bodies, so a data section is bytes; other AMQP bodies only occur by hand. */
function bodyText(event: ReceivedEventData): string {
  const body: unknown = event.body;
  if (Buffer.isBuffer(body)) return body.toString("utf8");
  return typeof body === "string" ? body : JSON.stringify(body ?? null);
}

function partitionOf(partition: PartitionContext): Record<string, string> {
  return {
    FullyQualifiedNamespace: partition.fullyQualifiedNamespace,
    EventHubName: partition.eventHubName,
    ConsumerGroup: partition.consumerGroup,
    PartitionId: partition.partitionId,
  };
}

function systemProperties(event: ReceivedEventData): Record<string, unknown> {
  return {
    ...event.systemProperties,
    SequenceNumber: event.sequenceNumber,
    Offset: event.offset,
    PartitionKey: event.partitionKey ?? null,
    EnqueuedTimeUtc: event.enqueuedTimeUtc,
  };
}

function json(value: unknown): TypedData {
  return { json: JSON.stringify(value) };
}
