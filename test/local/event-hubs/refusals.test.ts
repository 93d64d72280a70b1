import { earliestEventPosition } from "@azure/event-hubs";
import { describe, expect, it } from "vitest";
import { createEventHubsBroker } from "../../../local/event-hubs/broker.ts";
import { producerFor, read, startBroker } from "./support.ts";

describe("what the broker refuses", () => {
  it("refuses to send to, describe or read a hub that does not exist", async () => {
    const broker = await startBroker();
    const producer = producerFor(broker, "nowhere");
    const notFound = { code: "MessagingEntityNotFoundError" };
    await expect(producer.sendBatch([{ body: 1 }])).rejects.toMatchObject(notFound);
    await expect(producer.getEventHubProperties()).rejects.toMatchObject(notFound);
    expect(
      await read(broker, "0", { hub: "nowhere", startPosition: earliestEventPosition }).untilError(),
    ).toMatchObject(notFound);
  });

  it("refuses a consumer group that does not exist", async () => {
    const reading = read(await startBroker(), "0", { consumerGroup: "third", startPosition: earliestEventPosition });
    const error = await reading.untilError();
    expect(error).toMatchObject({ code: "MessagingEntityNotFoundError", message: expect.stringContaining("third") });
  });

  it("refuses a partition that does not exist, and says which do", async () => {
    const broker = await startBroker();
    const producer = producerFor(broker);
    const expected = { code: "ArgumentOutOfRangeError", message: expect.stringContaining("between 0 and 2") };
    await expect(producer.sendBatch([{ body: 1 }], { partitionId: "3" })).rejects.toMatchObject(expected);
    await expect(producer.getPartitionProperties("3")).rejects.toMatchObject(expected);
  });

  it("refuses more than 1 MiB in one go, stores none of it, and takes the next event on the same link", async () => {
    const broker = await startBroker();
    const producer = producerFor(broker);
    const tooLarge = producer.sendBatch([{ body: Buffer.alloc(600_000) }, { body: Buffer.alloc(600_000) }], {
      partitionId: "0",
    });
    await expect(tooLarge).rejects.toMatchObject({ code: "MessageTooLargeError" });
    await producer.sendBatch([{ body: Buffer.alloc(1_000_000, 7) }], { partitionId: "0" });
    const events = broker.events("signals");
    expect(events.map((event) => event.body.length)).toEqual([1_000_000]);
  });

  it("names what is wrong with its own options and arguments", async () => {
    await expect(createEventHubsBroker({ hubs: [{ name: "a", partitions: 0 }] })).rejects.toThrow(
      '"a" asks for 0 partitions',
    );
    await expect(
      createEventHubsBroker({
        hubs: [
          { name: "a", partitions: 1 },
          { name: "A", partitions: 1 },
        ],
      }),
    ).rejects.toThrow("listed twice");
    const broker = await startBroker();
    expect(() => broker.enqueue("nowhere", 1)).toThrow('no Event Hub "nowhere" at this broker; it has: signals');
    expect(() => broker.enqueue("signals", 1, { partitionId: "9" })).toThrow("between 0 and 2");
  });
});
