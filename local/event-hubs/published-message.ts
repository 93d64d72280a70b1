// What a producer's transfer holds: one message, or a batch of them in one envelope.
import rhea from "rhea";
import { partitionKeyOf } from "./annotations.ts";
import { readSections, SECTION, type Section } from "./sections.ts";

/** Event Hubs' message format of a batch: each data section of the envelope is one encoded message. */
const BATCH_FORMAT = 0x80013700;

export interface Publication {
  partitionKey?: string;
  /** The sections of each message, in the producer's order. */
  messages: Section[][];
}

/** Throws when the bytes are no AMQP message, or a batch holds anything but messages. */
export function readPublication(bytes: Buffer, format: number): Publication {
  const envelope = readSections(bytes);
  const messages = format === BATCH_FORMAT ? envelope.filter(isData).map(readInner) : [envelope];
  const partitionKey = [envelope, ...messages].map(partitionKeyOf).find((key) => key !== undefined);
  return partitionKey === undefined ? { messages } : { messages, partitionKey };
}

function isData(section: Section): boolean {
  return section.code === SECTION.data;
}

function readInner(section: Section): Section[] {
  const inner: unknown = section.content.value;
  if (!Buffer.isBuffer(inner)) {
    throw new TypeError("a batch holds a data section without bytes");
  }
  return readSections(inner);
}

/** A message with one data section; anything but bytes goes in as JSON, as the Azure SDK does it. */
export function messageOf(body: unknown): Section[] {
  const bytes = body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body) ?? "null", "utf8");
  return readSections(rhea.message.encode({ body: rhea.message.data_section(bytes) }));
}
