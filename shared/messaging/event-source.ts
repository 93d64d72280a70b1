/** Reads one event again where it lies in its hub: by its own consumer group, so that it takes nothing from the triggers. */
import type { EventHubConsumerClient, PartitionProperties, ReceivedEventData } from "@azure/event-hubs";
import type { Origin } from "../domain/dead-letter.ts";
import { RetryableError } from "../domain/errors.ts";
import { hubs, replayConsumerGroup } from "../domain/hubs.ts";
import type { EventSource, ReadAgain } from "../ports/event-source.ts";
import { createConsumer, type EventHubsConnection } from "./event-hub-clients.ts";

/** A record is there at once, or the hub cannot be reached. */
const waitMs = 15_000;
/** A row that somebody edited must not lead us to the plans. */
const logHubs: ReadonlySet<string> = new Set([hubs.risk, hubs.audit, hubs.signIns]);

export function createEventSource(connection: EventHubsConnection): EventSource {
  return {
    async readAgain(origin) {
      const unknown = whyUnknown(origin);
      if (unknown !== null) return { found: false, why: unknown };
      const client = createConsumer(connection, origin.hub, replayConsumerGroup);
      try {
        return await within(waitMs, readFrom(client, origin));
      } catch (cause) {
        throw unreachable(origin, cause);
      } finally {
        // a connection that is gone already closes with an error
        await client.close().catch(() => undefined);
      }
    },
  };
}

function whyUnknown({ hub, partition, sequenceNumber }: Origin): string | null {
  if (!logHubs.has(hub)) return `${JSON.stringify(hub.slice(0, 80))} is none of the hubs that logs come by`;
  const isPlace = /^\d{1,5}$/.test(partition) && Number.isSafeInteger(sequenceNumber) && sequenceNumber >= 0;
  return isPlace ? null : "where it lay in its hub was not known when it became a dead letter";
}

async function readFrom(client: EventHubConsumerClient, origin: Origin): Promise<ReadAgain> {
  const { hub, partition, sequenceNumber } = origin;
  if (!(await client.getPartitionIds()).includes(partition)) {
    return { found: false, why: `${hub} has no partition ${partition}` };
  }
  const gone = whyGone(origin, await client.getPartitionProperties(partition));
  if (gone !== null) return { found: false, why: gone };
  const event = await eventAt(client, partition, sequenceNumber);
  if (event.sequenceNumber !== sequenceNumber) return { found: false, why: olderThanKept(origin) };
  return { found: true, body: bodyOf(event), enqueuedAt: event.enqueuedTimeUtc.getTime() };
}

function whyGone(
  origin: Origin,
  { isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber }: PartitionProperties,
) {
  const { hub, partition, sequenceNumber } = origin;
  if (sequenceNumber > lastEnqueuedSequenceNumber) {
    return `${hub} has come only to ${lastEnqueuedSequenceNumber} in partition ${partition}: the hub was made anew since`;
  }
  return isEmpty || sequenceNumber < beginningSequenceNumber ? olderThanKept(origin) : null;
}

function olderThanKept({ hub, partition, sequenceNumber }: Origin): string {
  return `${hub} does not keep event ${sequenceNumber} of partition ${partition} any more; look for the record in the log itself`;
}

/** The first event from there on. */
function eventAt(client: EventHubConsumerClient, partition: string, from: number): Promise<ReceivedEventData> {
  return new Promise((resolve, reject) => {
    client.subscribe(
      partition,
      {
        processEvents: async ([event]) => {
          if (event !== undefined) resolve(event);
        },
        processError: async (error) => reject(error),
      },
      {
        startPosition: { sequenceNumber: from, isInclusive: true },
        maxBatchSize: 1,
        maxWaitTimeInSeconds: 5,
        skipParsingBodyAsJson: true,
      },
    );
  });
}

/** As the trigger hands it to us: JSON as what it says, anything else as text. */
function bodyOf({ body }: ReceivedEventData): unknown {
  const text = Buffer.isBuffer(body) ? body.toString("utf8") : body;
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function unreachable({ hub }: Origin, cause: unknown): RetryableError {
  const message = `${hub} could not be read; check that the hub has a consumer group ${replayConsumerGroup} and that our identity may receive from it`;
  return new RetryableError(message, { code: "event-hub-unreachable", cause });
}
