import { earliestEventPosition } from "@azure/event-hubs";
import { describe, expect, it } from "vitest";
import { producerFor, read, startBroker } from "./support.ts";

describe("publishing and reading with the Azure SDK", () => {
  it("brings body, properties, ids and broker annotations to the consumer", async () => {
    const at = new Date("2026-03-01T12:00:00.123Z");
    const broker = await startBroker({ now: () => at });
    const event = {
      body: { records: [{ category: "AuditLogs" }] },
      properties: { source: "entra", attempt: 3, ratio: 0.5, urgent: true },
      messageId: "m-1",
      correlationId: "c-1",
      contentType: "application/json",
    };
    await producerFor(broker).sendBatch([event], { partitionId: "1" });
    const [received] = await read(broker, "1", { startPosition: earliestEventPosition }).untilEvents(1);
    expect(received).toMatchObject({ ...event, sequenceNumber: 0, offset: "0", enqueuedTimeUtc: at });
    expect(received?.partitionKey).toBeUndefined();
  });

  it("keeps the order of a batch within one partition", async () => {
    const broker = await startBroker();
    const producer = producerFor(broker);
    const batch = await producer.createBatch({ partitionId: "2" });
    for (let index = 0; index < 500; index++) {
      expect(batch.tryAdd({ body: index })).toBe(true);
    }
    await producer.sendBatch(batch);
    const received = await read(broker, "2", { startPosition: earliestEventPosition }).untilEvents(500);
    expect(received.map((event) => event.body)).toEqual(Array.from({ length: 500 }, (_, index) => index));
    expect(received.map((event) => event.sequenceNumber)).toEqual(received.map((_, index) => index));
  });

  it("tells the SDK how large a batch may be", async () => {
    const batch = await producerFor(await startBroker()).createBatch();
    expect(batch.maxSizeInBytes).toBe(1_048_576);
  });

  it("sends equal partition keys to one partition, and shows the key to the consumer", async () => {
    const broker = await startBroker();
    const producer = producerFor(broker);
    for (const key of ["a", "b", "c", "d", "e", "a", "b", "c", "d", "e"]) {
      await producer.sendBatch([{ body: key }, { body: key }], { partitionKey: key });
    }
    const events = broker.events("signals");
    expect(events).toHaveLength(20);
    for (const key of ["a", "b", "c", "d", "e"]) {
      const ofKey = events.filter((event) => event.partitionKey === key);
      expect(ofKey).toHaveLength(4);
      expect(new Set(ofKey.map((event) => event.partitionId)).size).toBe(1);
      expect(broker.enqueue("signals", "own", { partitionKey: key }).partitionId).toBe(ofKey[0]?.partitionId);
    }
    const partitionOfA = events.find((event) => event.partitionKey === "a")?.partitionId ?? "";
    const [first] = await read(broker, partitionOfA, { startPosition: earliestEventPosition }).untilEvents(1);
    expect(first?.partitionKey).toBe(first?.body);
  });

  it("spreads what has no key over all partitions", async () => {
    const broker = await startBroker();
    const producer = producerFor(broker);
    for (let index = 0; index < 6; index++) {
      await producer.sendBatch([{ body: index }]);
    }
    expect(broker.events("signals").map((event) => event.partitionId)).toEqual(["0", "0", "1", "1", "2", "2"]);
  });

  it("serves two consumer groups independently, and several consumers of one group", async () => {
    const broker = await startBroker();
    broker.enqueue("signals", "one", { partitionId: "0" });
    const readings = ["$Default", "second", "second"].map((consumerGroup) =>
      read(broker, "0", { startPosition: earliestEventPosition, consumerGroup }),
    );
    await Promise.all(readings.map((reading) => reading.untilEvents(1)));
    broker.enqueue("signals", "two", { partitionId: "0" });
    for (const reading of readings) {
      expect((await reading.untilEvents(2)).map((event) => event.body)).toEqual(["one", "two"]);
    }
  });

  it.each([
    { prefetchCount: 3, maxBatchSize: 3, count: 60 },
    { prefetchCount: 5000, maxBatchSize: 2000, count: 5000 },
  ])("serves a consumer that asks for $prefetchCount events ahead", async ({ count, ...options }) => {
    const broker = await startBroker();
    for (let index = 0; index < count; index++) {
      broker.enqueue("signals", index, { partitionId: "0" });
    }
    const reading = read(broker, "0", { startPosition: earliestEventPosition, ...options });
    const received = await reading.untilEvents(count);
    expect(received.map((event) => event.body)).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  it("describes the hub and its partitions", async () => {
    const times = [new Date("2026-01-01T00:00:00Z"), new Date("2026-01-02T00:00:00Z")];
    const broker = await startBroker({ now: () => times[0] ?? new Date() });
    const producer = producerFor(broker);
    const hub = await producer.getEventHubProperties();
    expect(hub).toMatchObject({ name: "signals", partitionIds: ["0", "1", "2"], createdOn: times[0] });
    expect(await producer.getPartitionProperties("0")).toMatchObject({ isEmpty: true, lastEnqueuedSequenceNumber: -1 });
    broker.enqueue("signals", "one", { partitionId: "0" });
    const last = broker.enqueue("signals", "two", { partitionId: "0", enqueuedAt: times[1] ?? new Date() });
    expect(await producer.getPartitionProperties("0")).toEqual({
      eventHubName: "signals",
      partitionId: "0",
      isEmpty: false,
      beginningSequenceNumber: 0,
      lastEnqueuedSequenceNumber: 1,
      lastEnqueuedOffset: last.offset,
      lastEnqueuedOnUtc: times[1],
    });
  });

  it("tracks the last enqueued event for consumers that ask", async () => {
    const broker = await startBroker();
    broker.enqueue("signals", "one", { partitionId: "0" });
    const last = broker.enqueue("signals", "two", { partitionId: "0" });
    const reading = read(broker, "0", { startPosition: earliestEventPosition, trackLastEnqueuedEventProperties: true });
    const [first] = await reading.untilEvents(1);
    expect(first?.getRawAmqpMessage().deliveryAnnotations).toMatchObject({
      last_enqueued_sequence_number: 1,
      last_enqueued_offset: last.offset,
    });
  });

  it("forgets the oldest events beyond its cap and goes on with those it has", async () => {
    const broker = await startBroker({ retainedEvents: 10 });
    for (let index = 0; index < 57; index++) {
      broker.enqueue("signals", index, { partitionId: "0" });
    }
    expect(broker.events("signals").map((event) => event.sequenceNumber)).toEqual([
      47, 48, 49, 50, 51, 52, 53, 54, 55, 56,
    ]);
    const received = await read(broker, "0", { startPosition: { sequenceNumber: 5 } }).untilEvents(10);
    expect(received.map((event) => event.body)).toEqual([47, 48, 49, 50, 51, 52, 53, 54, 55, 56]);
    expect(await producerFor(broker).getPartitionProperties("0")).toMatchObject({ beginningSequenceNumber: 47 });
  });

  it("tells subscribers of its own what was published, by whomever, until they leave", async () => {
    const broker = await startBroker();
    const bodies: string[] = [];
    const leave = broker.subscribe("signals", (event) => bodies.push(event.body.toString()));
    await producerFor(broker).sendBatch([{ body: "by the SDK" }]);
    broker.enqueue("signals", Buffer.from("by us"));
    leave();
    broker.enqueue("signals", "unheard");
    expect(bodies).toEqual(['"by the SDK"', "by us"]);
  });
});
