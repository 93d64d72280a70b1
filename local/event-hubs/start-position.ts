// Where a consumer starts: the selector filter of its link, turned into a sequence number.
import type { Partition, StoredEvent } from "./partition.ts";
import { invalidArgument, type Refusal } from "./refusal.ts";

const SELECTOR =
  /^\s*amqp\.annotation\.(x-opt-offset|x-opt-sequence-number|x-opt-enqueued-time)\s*(>=|>)\s*'(@latest|-?\d+)'\s*$/;

interface Selector {
  annotation: string;
  inclusive: boolean;
  value: string;
}

function parse(selector: string): Selector | undefined {
  const [, annotation, comparison, value] = SELECTOR.exec(selector) ?? [];
  return annotation === undefined || value === undefined
    ? undefined
    : { annotation, inclusive: comparison === ">=", value };
}

function firstWhere(partition: Partition, reached: (event: StoredEvent) => boolean): number {
  return partition.retained().find(reached)?.sequenceNumber ?? partition.next();
}

function bySequenceNumber(partition: Partition, wanted: number, inclusive: boolean): number | Refusal {
  const last = partition.next() - 1;
  if (wanted > last) {
    return invalidArgument(
      `The supplied sequence number '${wanted}' is invalid. The last sequence number in the system is '${last}'`,
    );
  }
  return Math.max(partition.first(), inclusive ? wanted : wanted + 1);
}

function byOffset(partition: Partition, wanted: number, inclusive: boolean): number | Refusal {
  const last = Number(partition.last()?.offset ?? -1);
  if (wanted > last) {
    return invalidArgument(`The supplied offset '${wanted}' is invalid. The last offset in the system is '${last}'`);
  }
  return firstWhere(partition, ({ offset }) => (inclusive ? Number(offset) >= wanted : Number(offset) > wanted));
}

function byTime(partition: Partition, wanted: number, inclusive: boolean): number {
  return firstWhere(partition, ({ enqueuedAt }) =>
    inclusive ? enqueuedAt.getTime() >= wanted : enqueuedAt.getTime() > wanted,
  );
}

/**
 * The sequence number of the first event to deliver; without a selector the oldest retained one. A position beyond the
 * end is refused, as the service does: a checkpoint of another life of the hub must not silently skip what comes.
 */
export function startingAt(partition: Partition, selector: string | undefined): number | Refusal {
  if (selector === undefined) {
    return partition.first();
  }
  const parsed = parse(selector);
  if (parsed === undefined) {
    return invalidArgument(`The filter "${selector.slice(0, 200)}" is not a starting position.`);
  }
  const { annotation, inclusive, value } = parsed;
  if (value === "@latest") {
    return inclusive ? Math.max(partition.first(), partition.next() - 1) : partition.next();
  }
  const resolve = { "x-opt-offset": byOffset, "x-opt-sequence-number": bySequenceNumber }[annotation] ?? byTime;
  return resolve(partition, Number(value), inclusive);
}
