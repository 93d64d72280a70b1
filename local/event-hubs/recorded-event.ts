// An event as tests and stories see it, whoever published it.
import rhea from "rhea";
import type { Stored } from "./hub.ts";
import { readSections, SECTION, type Section } from "./sections.ts";

export interface RecordedEvent {
  partitionId: string;
  sequenceNumber: number;
  offset: string;
  enqueuedAt: Date;
  partitionKey?: string;
  /** The bytes of the data section, several joined. A body that is no data section comes as JSON. */
  body: Buffer;
  /** The application properties, if any. */
  properties: Record<string, unknown>;
}

function bodyOf(sections: readonly Section[], decoded: unknown): Buffer {
  const data = sections.filter((section) => section.code === SECTION.data);
  return data.length > 0
    ? Buffer.concat(data.map((section) => Buffer.from(section.content.value ?? "")))
    : Buffer.from(JSON.stringify(decoded) ?? "null", "utf8");
}

export function record({ partitionId, event }: Stored): RecordedEvent {
  const { sequenceNumber, offset, enqueuedAt, partitionKey, rest } = event;
  const decoded = rhea.message.decode(rest);
  return {
    partitionId,
    sequenceNumber,
    offset,
    enqueuedAt,
    ...(partitionKey === undefined ? {} : { partitionKey }),
    body: bodyOf(readSections(rest), decoded.body?.content ?? decoded.body),
    properties: decoded.application_properties ?? {},
  };
}
