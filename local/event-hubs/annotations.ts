// Annotation maps of AMQP messages: reading single entries, merging the broker's own into a producer's.
import type { Typed } from "rhea";
import { encodeValue, types } from "./amqp-types.ts";
import { SECTION, type Section } from "./sections.ts";

/** Written by the broker only; a producer's values for them are dropped. */
const OWN_KEYS = new Set(["x-opt-sequence-number", "x-opt-offset", "x-opt-enqueued-time", "x-opt-partition-key"]);

function entriesOf(section: Section | undefined): [key: string, typedKey: Typed, value: Typed][] {
  const flat: unknown = section?.content.value;
  if (!Array.isArray(flat)) {
    return [];
  }
  const items: Typed[] = flat;
  return items.flatMap((key, index): [string, Typed, Typed][] => {
    const value = items[index + 1];
    return index % 2 === 0 && value !== undefined ? [[String(key.value), key, value]] : [];
  });
}

/** The partition key a producer set, if it is a non-empty text. */
export function partitionKeyOf(sections: readonly Section[]): string | undefined {
  const annotations = sections.find((section) => section.code === SECTION.messageAnnotations);
  const value: unknown = entriesOf(annotations).find(([key]) => key === "x-opt-partition-key")?.[2].value;
  return typeof value === "string" && value !== "" ? value : undefined;
}

export interface BrokerAnnotations {
  sequenceNumber: number;
  offset: string;
  enqueuedAt: Date;
  partitionKey?: string;
}

/** The message annotations section a consumer sees: what the producer wrote, and the broker's four. */
export function annotate(produced: Section | undefined, own: BrokerAnnotations): Buffer {
  const items = entriesOf(produced).flatMap(([key, typedKey, value]) => (OWN_KEYS.has(key) ? [] : [typedKey, value]));
  items.push(types.wrap_symbol("x-opt-sequence-number"), types.wrap_long(own.sequenceNumber));
  items.push(types.wrap_symbol("x-opt-offset"), types.wrap_string(own.offset));
  items.push(types.wrap_symbol("x-opt-enqueued-time"), types.wrap_timestamp(own.enqueuedAt.getTime()));
  if (own.partitionKey !== undefined) {
    items.push(types.wrap_symbol("x-opt-partition-key"), types.wrap_string(own.partitionKey));
  }
  return describedMap(SECTION.messageAnnotations, items);
}

/** The delivery annotations that answer `com.microsoft:enable-receiver-runtime-metric`. */
export function runtimeMetrics(last: BrokerAnnotations, now: Date): Buffer {
  return describedMap(SECTION.deliveryAnnotations, [
    types.wrap_symbol("last_enqueued_sequence_number"),
    types.wrap_long(last.sequenceNumber),
    types.wrap_symbol("last_enqueued_offset"),
    types.wrap_string(last.offset),
    types.wrap_symbol("last_enqueued_time_utc"),
    types.wrap_timestamp(last.enqueuedAt.getTime()),
    types.wrap_symbol("runtime_info_retrieval_time_utc"),
    types.wrap_timestamp(now.getTime()),
  ]);
}

function describedMap(code: number, items: Typed[]): Buffer {
  return encodeValue(types.described(types.wrap_ulong(code), types.Map32(items)));
}
