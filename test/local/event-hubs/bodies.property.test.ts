import { earliestEventPosition } from "@azure/event-hubs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPartition } from "../../../local/event-hubs/partition.ts";
import { messageOf } from "../../../local/event-hubs/published-message.ts";
import { startingAt } from "../../../local/event-hubs/start-position.ts";
import { producerFor, read, startBroker } from "./support.ts";

const PARTITIONS = ["0", "1", "2"];
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const sends = fc.array(
  fc.record({ partitionId: fc.constantFrom(...PARTITIONS), bodies: fc.array(bytes, { minLength: 1, maxLength: 8 }) }),
  {
    maxLength: 8,
  },
);

describe("bodies", () => {
  it("come out of each partition in the order they went in, byte for byte", { timeout: 30_000 }, async () => {
    const broker = await startBroker();
    const producer = producerFor(broker);
    const options = { startPosition: earliestEventPosition, skipParsingBodyAsJson: true };
    const lanes = PARTITIONS.map((id) => ({ id, reading: read(broker, id, options), sent: [] as string[] }));
    await fc.assert(
      fc.asyncProperty(sends, async (list) => {
        for (const { partitionId, bodies } of list) {
          await producer.sendBatch(
            bodies.map((body) => ({ body })),
            { partitionId },
          );
          lanes.find(({ id }) => id === partitionId)?.sent.push(...bodies.map((body) => body.toString("hex")));
        }
        for (const { reading, sent } of lanes) {
          const received = await reading.untilEvents(sent.length);
          expect(received.map(({ body }) => Buffer.from(body).toString("hex"))).toEqual(sent);
          expect(received.map(({ sequenceNumber }) => sequenceNumber)).toEqual(sent.map((_, index) => index));
        }
      }),
      { numRuns: 25 },
    );
    const recorded = PARTITIONS.map((id) => broker.events("signals").filter(({ partitionId }) => partitionId === id));
    expect(recorded.map((events) => events.map(({ body }) => body.toString("hex")))).toEqual(
      lanes.map(({ sent }) => sent),
    );
  });

  it("are never lost between an offset and the position after it, whatever was forgotten", () => {
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (bodies, cap) => {
        const partition = createPartition("0", cap);
        const stored = partition.append(bodies.map(messageOf), { enqueuedAt: new Date(0) });
        for (const { offset, sequenceNumber } of stored) {
          const after = Math.max(sequenceNumber + 1, partition.first());
          expect(startingAt(partition, `amqp.annotation.x-opt-offset > '${offset}'`)).toBe(after);
          expect(startingAt(partition, `amqp.annotation.x-opt-sequence-number > '${sequenceNumber}'`)).toBe(after);
        }
        expect(partition.retained()).toHaveLength(Math.min(cap, bodies.length));
      }),
    );
  });
});
