// Takes an encoded AMQP message apart into its sections without touching their bytes.
import type { Typed } from "rhea";
import { types } from "./amqp-types.ts";

export const SECTION = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  data: 0x75,
  sequence: 0x76,
  value: 0x77,
} as const;

export interface Section {
  /** The section's descriptor code, one of AMQP 1.0 part 3.2 (0x70 to 0x78). */
  code: number;
  /** Descriptor and value, exactly as they came. */
  bytes: Buffer;
  content: Typed;
}

const NAMES = new Map<string, number>([
  ["amqp:header:list", 0x70],
  ["amqp:delivery-annotations:map", 0x71],
  ["amqp:message-annotations:map", 0x72],
  ["amqp:properties:list", 0x73],
  ["amqp:application-properties:map", 0x74],
  ["amqp:data:binary", 0x75],
  ["amqp:amqp-sequence:list", 0x76],
  ["amqp:value:*", 0x77],
  ["amqp:footer:map", 0x78],
]);

function sectionCode(content: Typed): number {
  const descriptor: unknown = content.descriptor?.value;
  const code = typeof descriptor === "string" ? NAMES.get(descriptor) : descriptor;
  if (typeof code !== "number" || code < SECTION.header || code > 0x78) {
    throw new TypeError(`not an AMQP message: it has a section ${String(descriptor)}`);
  }
  return code;
}

/** Throws when the bytes are no AMQP 1.0 message. */
export function readSections(message: Buffer): Section[] {
  const reader = new types.Reader(message);
  const sections: Section[] = [];
  while (reader.remaining() > 0) {
    const start = reader.position;
    const content = reader.read();
    if (reader.position > message.length) {
      throw new TypeError("not an AMQP message: it ends in the middle of a section");
    }
    sections.push({ code: sectionCode(content), bytes: message.subarray(start, reader.position), content });
  }
  return sections;
}
