// One partition: an append-only log in memory that forgets its oldest events.
import { annotate, type BrokerAnnotations } from "./annotations.ts";
import { SECTION, type Section } from "./sections.ts";

export interface StoredEvent extends BrokerAnnotations {
  /** The header section, or nothing; delivery annotations go between it and `rest`. */
  header: Buffer;
  /** Message annotations and everything after them. */
  rest: Buffer;
}

export interface Partition {
  id: string;
  /** Sequence number of the oldest retained event; `next()` when there is none. */
  first(): number;
  /** Sequence number the next event will get. */
  next(): number;
  last(): StoredEvent | undefined;
  /** The oldest retained event at or after that sequence number. */
  read(sequenceNumber: number): StoredEvent | undefined;
  retained(): readonly StoredEvent[];
  append(messages: readonly Section[][], meta: { enqueuedAt: Date; partitionKey?: string }): StoredEvent[];
  /** Called after each append; answers how to stop that. */
  onAppend(listener: () => void): () => void;
}

const NOTHING = Buffer.alloc(0);

function store(message: readonly Section[], own: BrokerAnnotations): StoredEvent {
  const header = message.find((section) => section.code === SECTION.header);
  const produced = message.find((section) => section.code === SECTION.messageAnnotations);
  const others = message.filter((section) => section.code > SECTION.messageAnnotations);
  const rest = Buffer.concat([annotate(produced, own), ...others.map((section) => section.bytes)]);
  // Copied: a slice would keep the whole batch it came in.
  return { ...own, header: header === undefined ? NOTHING : Buffer.from(header.bytes), rest };
}

export function createPartition(id: string, retainedEvents: number): Partition {
  let events: StoredEvent[] = [];
  let next = 0;
  let nextOffset = 0;
  const listeners = new Set<() => void>();
  const first = () => next - Math.min(events.length, retainedEvents);
  const oldestHeld = () => next - events.length;

  function appendOne(message: readonly Section[], meta: { enqueuedAt: Date; partitionKey?: string }): StoredEvent {
    const event = store(message, { ...meta, sequenceNumber: next, offset: String(nextOffset) });
    events.push(event);
    next += 1;
    nextOffset += event.header.length + event.rest.length;
    // Trimmed at twice the cap, so that appending stays cheap; `first` hides the surplus meanwhile.
    if (events.length >= 2 * retainedEvents) {
      events = events.slice(-retainedEvents);
    }
    return event;
  }

  return {
    id,
    first,
    next: () => next,
    last: () => events.at(-1),
    read: (sequenceNumber) => events[Math.max(sequenceNumber, first()) - oldestHeld()],
    retained: () => events.slice(first() - oldestHeld()),
    append(messages, meta) {
      const stored = messages.map((message) => appendOne(message, meta));
      for (const listener of [...listeners]) {
        listener();
      }
      return stored;
    },
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
