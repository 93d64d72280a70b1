/** One event read again over AMQP, by the real SDK from the local broker, while another reader owns the partition. */
import { EventHubConsumerClient } from "@azure/event-hubs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEventHubsBroker, type EventHubsBroker } from "../../local/event-hubs/broker.ts";
import { RetryableError } from "../../shared/domain/errors.ts";
import { hubs, replayConsumerGroup } from "../../shared/domain/hubs.ts";
import { createEventSource } from "../../shared/messaging/event-source.ts";
import type { EventSource } from "../../shared/ports/event-source.ts";

const hub = hubs.audit;
const retained = 4;
const place = (sequenceNumber: number, partition = "1") => ({ hub, partition, sequenceNumber, index: 0 });

describe("an event source", () => {
  let broker: EventHubsBroker;
  let source: EventSource;
  let trigger: EventHubConsumerClient;

  beforeAll(async () => {
    const names = [hubs.risk, hubs.audit, hubs.signIns];
    broker = await createEventHubsBroker({
      hubs: [
        ...names.map((name) => ({ name, partitions: 2, consumerGroups: [replayConsumerGroup] })),
        { name: hubs.plans, partitions: 1 },
      ],
      retainedEvents: retained,
    });
    source = createEventSource({ connectionString: broker.connectionString });
    trigger = new EventHubConsumerClient("$Default", broker.connectionString, hub);
    await new Promise<void>((resolve) => {
      const handlers = { processEvents: async () => resolve(), processError: async () => undefined };
      trigger.subscribe("1", handlers, { ownerLevel: 0, maxWaitTimeInSeconds: 1 });
    });
    for (let n = 0; n < 3; n++) broker.enqueue(hub, { records: [{ n }] }, { partitionId: "1" });
    broker.enqueue(hub, Buffer.from('{"records": [ oh'), { partitionId: "1" });
  });
  afterAll(async () => {
    await trigger.close();
    await broker.stop();
  });

  it("gives exactly that event, as the trigger gave it, and when the hub took it", async () => {
    const [, second] = broker.events(hub);
    expect(await source.readAgain(place(1))).toEqual({
      found: true,
      body: { records: [{ n: 1 }] },
      enqueuedAt: second?.enqueuedAt.getTime(),
    });
    expect(await source.readAgain(place(3))).toMatchObject({ found: true, body: '{"records": [ oh' });
  });

  it("leaves no reader behind, so that it can be asked again and again", async () => {
    for (let n = 0; n < 7; n++) expect(await source.readAgain(place(0))).toMatchObject({ found: true });
  });

  it("says why there is nothing: beyond the end, an empty or unknown partition, no hub of logs, a place never known", async () => {
    const why = async (origin: Parameters<EventSource["readAgain"]>[0]) => {
      const answer = await source.readAgain(origin);
      return answer.found ? "found" : answer.why;
    };
    expect(await why(place(4))).toContain("made anew");
    expect(await why(place(0, "0"))).toContain("made anew");
    expect(await why(place(0, "7"))).toContain("no partition 7");
    expect(await why({ ...place(0), hub: hubs.plans })).toContain("none of the hubs");
    expect(await why({ ...place(0), hub: "resolve" })).toContain("none of the hubs");
    expect(await why({ ...place(-1), partition: "?" })).toContain("not known");
  });

  it("says that it is older than the hub keeps", async () => {
    for (let n = 0; n < retained; n++) broker.enqueue(hubs.risk, { n }, { partitionId: "0" });
    const origin = { ...place(0, "0"), hub: hubs.risk };
    expect(await source.readAgain(origin)).toMatchObject({ found: true });
    broker.enqueue(hubs.risk, { n: retained }, { partitionId: "0" });
    expect(await source.readAgain(origin)).toMatchObject({ found: false, why: expect.stringContaining("any more") });
  });

  it("is retryable where the hub cannot be read, and names the consumer group", async () => {
    const bare = await createEventHubsBroker({ hubs: [{ name: hub, partitions: 1 }] });
    bare.enqueue(hub, {}, { partitionId: "0" });
    const error = await createEventSource({ connectionString: bare.connectionString })
      .readAgain(place(0, "0"))
      .catch((thrown: unknown) => thrown);
    await bare.stop();
    expect(error).toBeInstanceOf(RetryableError);
    expect(String(error)).toContain(`consumer group ${replayConsumerGroup}`);
  });
});
