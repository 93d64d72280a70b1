/** Sends events to a hub in batches as large as the hub allows. */
import { RetryableError, TerminalError } from "../domain/errors.ts";

/** The part of `EventHubProducerClient` we use; the real client is one. */
export interface EventProducer {
  createBatch(options?: { partitionKey?: string }): Promise<EventBatch>;
  sendBatch(batch: EventBatch): Promise<void>;
}

interface EventBatch {
  readonly count: number;
  /** false when the event does not fit into what is left of the batch */
  tryAdd(event: OutgoingEvent): boolean;
}

interface OutgoingEvent {
  /** JSON-safe; the SDK serialises it */
  readonly body: unknown;
  readonly contentType: string;
}

interface SendOptions {
  /** events with one key stay in order, on one partition */
  readonly partitionKey?: string;
  /** a smaller version of an event that no batch can hold; default: that is an error */
  readonly shrink?: (body: unknown) => unknown;
}

/**
 * Sends all bodies in order. Throws RetryableError when the hub could not be reached or refused us (a missing role assignment
 * mends without us, and a kept event is better than a lost one); TerminalError for a body that no batch can hold.
 */
export async function sendEvents(producer: EventProducer, bodies: readonly unknown[], options: SendOptions = {}) {
  const { partitionKey, shrink } = options;
  const newBatch = () => producer.createBatch(partitionKey === undefined ? {} : { partitionKey });
  try {
    let batch: EventBatch | null = null;
    for (const body of bodies) {
      if (batch?.tryAdd(asEvent(body))) continue;
      if (batch !== null) await producer.sendBatch(batch);
      batch = await newBatch();
      if (!batch.tryAdd(asEvent(body))) addShrunk(batch, body, shrink);
    }
    if (batch !== null && batch.count > 0) await producer.sendBatch(batch);
  } catch (error) {
    throw asOurError(error);
  }
}

function addShrunk(batch: EventBatch, body: unknown, shrink: SendOptions["shrink"]): void {
  if (shrink !== undefined && batch.tryAdd(asEvent(shrink(body)))) return;
  throw new TerminalError("An event is larger than the Event Hub accepts; make its data smaller.", {
    code: "event-too-large",
  });
}

function asEvent(body: unknown): OutgoingEvent {
  return { body, contentType: "application/json" };
}

function asOurError(error: unknown): RetryableError | TerminalError {
  if (error instanceof TerminalError) return error;
  if (error instanceof TypeError) {
    return new TerminalError("An event is not plain JSON data.", { code: "event-not-json", cause: error });
  }
  const refused = error instanceof Error && "retryable" in error && error.retryable === false;
  const message = refused
    ? "The Event Hub refused the events; check that the hub exists and our identity may send to it."
    : "The Event Hub could not be reached; the events were not sent.";
  return new RetryableError(message, { code: refused ? "event-hub-refused" : "event-hub-unreachable", cause: error });
}
