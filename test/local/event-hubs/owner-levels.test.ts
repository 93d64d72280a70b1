import { earliestEventPosition } from "@azure/event-hubs";
import { describe, expect, it } from "vitest";
import { createReaders, type Reader } from "../../../local/event-hubs/owner-levels.ts";
import { read, startBroker } from "./support.ts";

const startPosition = earliestEventPosition;

async function brokerWithOne() {
  const broker = await startBroker();
  broker.enqueue("signals", "one", { partitionId: "0" });
  return broker;
}

describe("owner levels", () => {
  it("gives the partition to the higher level and tells the one that lost it", async () => {
    const broker = await brokerWithOne();
    const lower = read(broker, "0", { startPosition, ownerLevel: 1 });
    await lower.untilEvents(1);
    const higher = read(broker, "0", { startPosition, ownerLevel: 2 });
    await higher.untilEvents(1);
    expect(await lower.untilError()).toMatchObject({ code: "ReceiverDisconnectedError" });
    broker.enqueue("signals", "two", { partitionId: "0" });
    expect((await higher.untilEvents(2)).map((event) => event.body)).toEqual(["one", "two"]);
    expect(lower.events).toHaveLength(1);
  });

  it("refuses a lower level, and a reader without one, while the owner is there", async () => {
    const broker = await brokerWithOne();
    const owner = read(broker, "0", { startPosition, ownerLevel: 5 });
    await owner.untilEvents(1);
    const lower = read(broker, "0", { startPosition, ownerLevel: 4 });
    const shared = read(broker, "0", { startPosition });
    expect(await lower.untilError()).toMatchObject({ code: "ReceiverDisconnectedError" });
    expect(await shared.untilError()).toMatchObject({ code: "ReceiverDisconnectedError" });
    expect(owner.errors).toEqual([]);
  });

  it("keeps consumer groups and partitions apart", async () => {
    const broker = await brokerWithOne();
    broker.enqueue("signals", "one", { partitionId: "1" });
    await read(broker, "0", { startPosition, ownerLevel: 5 }).untilEvents(1);
    const otherGroup = read(broker, "0", { startPosition, ownerLevel: 1, consumerGroup: "second" });
    const otherPartition = read(broker, "1", { startPosition, ownerLevel: 1 });
    expect(await otherGroup.untilEvents(1)).toHaveLength(1);
    expect(await otherPartition.untilEvents(1)).toHaveLength(1);
  });

  it("frees the partition when the owner leaves", async () => {
    const broker = await brokerWithOne();
    const owner = read(broker, "0", { startPosition, ownerLevel: 5 });
    await owner.untilEvents(1);
    await owner.close();
    expect(await read(broker, "0", { startPosition }).untilEvents(1)).toHaveLength(1);
  });

  it("lets the newest of equal levels win and counts readers without a level", () => {
    const detached: string[] = [];
    const reader = (name: string, ownerLevel?: number): Reader => ({
      name,
      ...(ownerLevel === undefined ? {} : { ownerLevel }),
      detach: () => detached.push(name),
    });
    const readers = createReaders();
    for (const name of ["1", "2", "3", "4", "5"]) {
      expect(readers.admit(reader(name))).toBeUndefined();
    }
    expect(readers.admit(reader("6"))).toMatchObject({ condition: "amqp:resource-limit-exceeded" });
    expect(readers.admit(reader("first owner", 0))).toBeUndefined();
    expect(detached).toEqual(["1", "2", "3", "4", "5"]);
    expect(readers.admit(reader("second owner", 0))).toBeUndefined();
    expect(detached.at(-1)).toBe("first owner");
  });
});
