// What an Event Hubs trigger hands over and in which order: real host process, real SDK, local broker, real Azurite.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type EventsBench, eventsBench } from "./events-bench.ts";

const WAIT = { timeout: 20_000, interval: 30 };

describe("an Event Hubs trigger", () => {
  let bench: EventsBench;

  beforeAll(async () => {
    const deployedAt = new Date(Date.now() - 60_000);
    bench = await eventsBench(deployedAt);
    bench.broker.enqueue("in", { id: "before" }, { partitionId: "0", enqueuedAt: new Date(deployedAt.getTime() - 1) });
    bench.broker.enqueue("in", { id: "after" }, { partitionId: "0", enqueuedAt: new Date(deployedAt.getTime() + 1) });
    await bench.start();
  }, 60_000);
  beforeEach(() => bench.forget());
  afterAll(() => bench.stop());

  it("begins a partition without checkpoint at the enqueued time of first deployment", async () => {
    await expect.poll(() => bench.done("for-ever"), WAIT).toEqual(["after"]);
  });

  it("hands over parsed JSON with the metadata of each event", async () => {
    const { broker } = bench;
    const enqueuedAt = new Date(Date.now() - 1000);
    const stored = broker.enqueue("in", { id: 1, text: "ä" }, { partitionKey: "key", enqueuedAt });
    await expect.poll(() => bench.done("for-ever"), WAIT).toEqual([1]);
    const [note] = bench.notes("for-ever");
    expect(note?.messages).toEqual([{ id: 1, text: "ä" }]);
    expect(note?.metadata).toMatchObject({
      partitionContext: { eventHubName: "in", consumerGroup: "$Default", partitionId: stored.partitionId },
      sequenceNumberArray: [stored.sequenceNumber],
      enqueuedTimeUtcArray: [enqueuedAt.toISOString()],
      partitionKeyArray: ["key"],
      propertiesArray: [{}],
      systemPropertiesArray: [{ sequenceNumber: stored.sequenceNumber, partitionKey: "key" }],
    });
    expect(note?.metadata?.offsetArray).toHaveLength(1);
  });

  it("hands over text that is no JSON as it is", async () => {
    bench.broker.enqueue("once", Buffer.from("no json"));
    await expect.poll(() => bench.notes("once")[0]?.messages, WAIT).toEqual(["no json"]);
  });

  it("hands over no more than a batch at a time, in order", async () => {
    for (let id = 0; id < 25; id += 1) bench.broker.enqueue("in", { id }, { partitionId: "1" });
    await expect.poll(() => bench.done("for-ever"), WAIT).toHaveLength(25);
    expect(bench.done("for-ever")).toEqual(Array.from({ length: 25 }, (_, id) => id));
    const sizes = bench.notes("for-ever").flatMap(({ messages }) => messages?.length ?? []);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
  });

  it("without cardinality hands over one event at a time with its own metadata", async () => {
    const stored = bench.broker.enqueue("single", { id: "a" });
    bench.broker.enqueue("single", { id: "b" });
    await expect.poll(() => bench.done("single"), WAIT).toEqual(["a", "b"]);
    expect(bench.notes("single")[0]?.metadata).toMatchObject({ sequenceNumber: stored.sequenceNumber });
  });

  it("with a retry policy of -1 pauses the partition until the batch succeeds, and others go on", async () => {
    bench.broker.enqueue("in", { id: "stubborn", failures: 200 }, { partitionId: "0" });
    await expect.poll(() => bench.notes("for-ever").length, WAIT).toBeGreaterThan(2);
    bench.broker.enqueue("in", { id: "behind" }, { partitionId: "0" });
    bench.broker.enqueue("in", { id: "beside" }, { partitionId: "1" });
    await expect.poll(() => bench.done("for-ever"), WAIT).toHaveLength(3);
    expect(bench.done("for-ever").filter((id) => id !== "beside")).toEqual(["stubborn", "behind"]);
    const attempts = bench
      .notes("for-ever")
      .flatMap(({ messages, attempt }) =>
        (messages as { id: string }[] | undefined)?.[0]?.id === "stubborn" ? (attempt ?? []) : [],
      );
    expect(attempts).toEqual(Array.from({ length: 201 }, (_, attempt) => attempt));
  });

  it("without retry policy drops the batch that failed and goes on with the next", async () => {
    bench.broker.enqueue("once", { id: "lost", failures: 1 });
    await expect.poll(() => bench.notes("once").length, WAIT).toBe(1);
    bench.broker.enqueue("once", { id: "next" });
    await expect.poll(() => bench.done("once"), WAIT).toEqual(["next"]);
  });

  it("comes back after the broker dropped its connections, losing nothing", async () => {
    bench.broker.dropConnections();
    bench.broker.enqueue("in", { id: "meanwhile" }, { partitionId: "0" });
    await expect.poll(() => bench.done("for-ever"), WAIT).toContain("meanwhile");
  });

  it("comes back after an outage of the broker", async () => {
    const over = bench.broker.cutFor(2000);
    bench.broker.enqueue("in", { id: "waiting" }, { partitionId: "1" });
    await over;
    await expect.poll(() => bench.done("for-ever"), WAIT).toEqual(["waiting"]);
  });
});
