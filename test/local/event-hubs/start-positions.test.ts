import { type EventPosition, latestEventPosition } from "@azure/event-hubs";
import { describe, expect, it } from "vitest";
import { createPartition } from "../../../local/event-hubs/partition.ts";
import { messageOf } from "../../../local/event-hubs/published-message.ts";
import { startingAt } from "../../../local/event-hubs/start-position.ts";
import { read, startBroker } from "./support.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-05-01T00:00:00Z");

async function brokerWithFive() {
  const broker = await startBroker();
  const events = [0, 1, 2, 3, 4].map((index) =>
    broker.enqueue("signals", index, { partitionId: "0", enqueuedAt: new Date(START + index * MINUTE) }),
  );
  return { broker, offsetOf: (index: number) => events[index]?.offset ?? "" };
}

describe("start positions", () => {
  it("reads from wherever the SDK says", async () => {
    const { broker, offsetOf } = await brokerWithFive();
    const cases: [EventPosition, number[]][] = [
      [{ offset: "-1" }, [0, 1, 2, 3, 4]],
      [{ offset: offsetOf(2) }, [3, 4]],
      [{ offset: offsetOf(2), isInclusive: true }, [2, 3, 4]],
      [{ sequenceNumber: 1 }, [2, 3, 4]],
      [{ sequenceNumber: 1, isInclusive: true }, [1, 2, 3, 4]],
      [{ sequenceNumber: -1 }, [0, 1, 2, 3, 4]],
      [{ enqueuedOn: new Date(START + 3 * MINUTE) }, [4]],
      [{ enqueuedOn: START + 3 * MINUTE - 1 }, [3, 4]],
      [{ enqueuedOn: 0 }, [0, 1, 2, 3, 4]],
      [{ offset: "@latest", isInclusive: true }, [4]],
    ];
    const readings = cases.map(([startPosition], index) =>
      read(broker, "0", { startPosition, consumerGroup: index % 2 === 0 ? "second" : "$Default" }),
    );
    for (const [index, [position, bodies]] of cases.entries()) {
      const received = await readings[index]?.untilEvents(bodies.length);
      expect(
        received?.map((event) => event.body),
        JSON.stringify(position),
      ).toEqual(bodies);
    }
  });

  it("starts at the end with @latest: nothing old, everything that comes", async () => {
    const { broker } = await brokerWithFive();
    const reading = read(broker, "0", { startPosition: latestEventPosition });
    // The SDK does not say when its link is open, so new events keep coming until one arrives.
    const publishing = setInterval(() => broker.enqueue("signals", "new", { partitionId: "0" }), 20);
    const received = await reading.untilEvents(3).finally(() => clearInterval(publishing));
    expect(new Set(received.map((event) => event.body))).toEqual(new Set(["new"]));
    expect(received.map((event) => event.sequenceNumber - (received[0]?.sequenceNumber ?? 0)).slice(0, 3)).toEqual([
      0, 1, 2,
    ]);
  });

  it("waits on an empty partition, whatever the position before its end", async () => {
    const broker = await startBroker();
    const positions: EventPosition[] = [{ offset: "-1" }, { sequenceNumber: -1 }, { enqueuedOn: START }];
    const readings = positions.map((startPosition) => read(broker, "1", { startPosition }));
    broker.enqueue("signals", "first", { partitionId: "1" });
    for (const reading of readings) {
      expect((await reading.untilEvents(1))[0]?.body).toBe("first");
    }
  });

  it.each([
    { startPosition: { sequenceNumber: 17 }, says: "sequence number '17' is invalid" },
    { startPosition: { offset: "999999" }, says: "offset '999999' is invalid" },
    { startPosition: { offset: "0' OR 1=1" }, says: "is not a starting position" },
  ])("refuses a position beyond the end or without sense: $says", async ({ startPosition, says }) => {
    const { broker } = await brokerWithFive();
    const error = await read(broker, "0", { startPosition }).untilError();
    expect(error).toMatchObject({ code: "ArgumentError", message: expect.stringContaining(says) });
  });

  it("knows enqueued times inclusively as well, which other SDKs ask for", () => {
    const partition = createPartition("0", 10);
    for (const at of [1000, 2000, 3000]) {
      partition.append([messageOf(at)], { enqueuedAt: new Date(at) });
    }
    expect(startingAt(partition, "amqp.annotation.x-opt-enqueued-time >= '2000'")).toBe(1);
    expect(startingAt(partition, "amqp.annotation.x-opt-enqueued-time > '2000'")).toBe(2);
    expect(startingAt(partition, "amqp.annotation.x-opt-enqueued-time > '3000'")).toBe(3);
    expect(startingAt(partition, undefined)).toBe(0);
  });
});
