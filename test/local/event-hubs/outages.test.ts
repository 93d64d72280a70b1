import { spawn } from "node:child_process";
import { earliestEventPosition } from "@azure/event-hubs";
import { describe, expect, it, onTestFinished } from "vitest";
import { producerFor, read, startBroker } from "./support.ts";

/** Bodies in order of their sequence numbers; a reader that reconnects may see an event again. */
function distinct(events: readonly { sequenceNumber: number; body: unknown }[]): unknown[] {
  return [...new Map(events.map((event) => [event.sequenceNumber, event.body])).entries()]
    .toSorted(([left], [right]) => left - right)
    .map(([, body]) => body);
}

describe("outages", () => {
  it("loses nothing when every connection is dropped again and again", async () => {
    const broker = await startBroker();
    const producer = producerFor(broker);
    const reading = read(broker, "0", { startPosition: earliestEventPosition });
    for (let index = 0; index < 30; index++) {
      await producer.sendBatch([{ body: index }], { partitionId: "0" });
      if (index % 10 === 5) {
        await reading.untilEvents(1);
        broker.dropConnections();
      }
    }
    const stored = broker.events("signals").map((event) => JSON.parse(event.body.toString()));
    expect([...new Set(stored)]).toEqual(Array.from({ length: 30 }, (_, index) => index));
    const received = await reading.untilEvents(stored.length);
    expect(distinct(received)).toEqual(stored);
  });

  it("is not there during a cut and goes on afterwards", async () => {
    const broker = await startBroker();
    const producer = producerFor(broker);
    await producer.sendBatch([{ body: "before" }], { partitionId: "0" });
    const reading = read(broker, "0", { startPosition: earliestEventPosition });
    await reading.untilEvents(1);
    let over = false;
    const outage = broker.cutFor(300).then(() => {
      over = true;
    });
    const sent = producer.sendBatch([{ body: "during" }], { partitionId: "0" }).then(() => over);
    broker.enqueue("signals", "by the twin", { partitionId: "0" });
    await outage;
    expect(await sent).toBe(true);
    expect(distinct(await reading.untilEvents(3))).toEqual(["before", "by the twin", "during"]);
  });

  it("forgets a client process that was killed, and its place goes to the next", async () => {
    const broker = await startBroker();
    broker.enqueue("signals", "one", { partitionId: "0" });
    const child = spawn(process.execPath, ["killed-consumer.ts", broker.connectionString], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const early = read(broker, "0", { startPosition: earliestEventPosition });
    expect(await early.untilError()).toMatchObject({ code: "ReceiverDisconnectedError" });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exited;
    const back = read(broker, "0", { startPosition: earliestEventPosition, ownerLevel: 0 });
    expect(await back.untilEvents(1)).toHaveLength(1);
    broker.enqueue("signals", "two", { partitionId: "0" });
    expect(await back.untilEvents(2)).toHaveLength(2);
  });
});
