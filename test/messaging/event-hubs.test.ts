/** Wake-ups and outcomes on Event Hubs: a hand-made producer for faults, the real SDK against the local broker. */
import { EventHubProducerClient, MessagingError } from "@azure/event-hubs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEventHubsBroker, type EventHubsBroker } from "../../local/event-hubs/broker.ts";
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import type { EventProducer } from "../../shared/messaging/event-hub-producer.ts";
import { createOutcomePublisher } from "../../shared/messaging/outcome-publisher.ts";
import { createPlanQueue } from "../../shared/messaging/plan-queue.ts";
import { notice } from "./notices.ts";

/** Batches hold events whose JSON together is at most `limit` characters. */
function producerOf(limit: number) {
  const sent: { readonly partitionKey: string | undefined; readonly bodies: unknown[] }[] = [];
  const open = new Map<unknown, (typeof sent)[number]>();
  const producer: EventProducer = {
    async createBatch(options) {
      const content = { partitionKey: options?.partitionKey, bodies: [] as unknown[] };
      const batch = {
        get count() {
          return content.bodies.length;
        },
        tryAdd({ body }: { readonly body: unknown }) {
          if (JSON.stringify([...content.bodies, body]).length > limit) return false;
          content.bodies.push(body);
          return true;
        },
      };
      open.set(batch, content);
      return batch;
    },
    async sendBatch(batch) {
      const content = open.get(batch);
      if (content !== undefined) sent.push(content);
    },
  };
  return { producer, sent };
}

describe("the plan queue", () => {
  it("fills batches in order and sends nothing for nothing", async () => {
    const { producer, sent } = producerOf(20);
    const queue = createPlanQueue({ producer });
    await queue.publish([]);
    expect(sent).toEqual([]);
    await queue.publish(["aaaa", "bbbb", "cccc", "dddd"]);
    expect(sent.map(({ bodies }) => bodies)).toEqual([
      ["aaaa", "bbbb"],
      ["cccc", "dddd"],
    ]);
  });

  it("says retryable with the cause when the hub is out of reach or refuses us", async () => {
    const refused = Object.assign(new MessagingError("no claim"), { retryable: false });
    for (const [cause, code] of [
      [new MessagingError("link detached"), "event-hub-unreachable"],
      [refused, "event-hub-refused"],
    ] as const) {
      const queue = createPlanQueue({
        producer: { ...producerOf(100).producer, sendBatch: () => Promise.reject(cause) },
      });
      const error = await queue.publish(["a"]).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RetryableError);
      expect(error).toMatchObject({ code, cause });
    }
  });

  it("says terminal for a message no batch can hold, after sending what came before", async () => {
    const { producer, sent } = producerOf(20);
    const call = createPlanQueue({ producer }).publish(["aaaa", "b".repeat(40)]);
    await expect(call).rejects.toBeInstanceOf(TerminalError);
    expect(sent.map(({ bodies }) => bodies)).toEqual([["aaaa"]]);
  });
});

describe("the outcome publisher", () => {
  it("keeps one identity's outcomes together under its key", async () => {
    const { producer, sent } = producerOf(100_000);
    const another = { ...notice, id: "n-2", identity: { ...notice.identity, key: "t|other" } };
    await createOutcomePublisher({ producer, now: () => 0 }).publish([notice, another, { ...notice, id: "n-3" }]);
    const told = sent.map(({ partitionKey, bodies }) => [
      partitionKey,
      bodies.map((body) => (body as { metadata: { uid: string } }).metadata.uid),
    ]);
    expect(told).toEqual([
      [notice.identity.key, ["n-1", "n-3"]],
      ["t|other", ["n-2"]],
    ]);
  });

  it("sends an outcome that is too large without its facts, and says so", async () => {
    const { producer, sent } = producerOf(4_000);
    const large = { ...notice, data: { much: "x".repeat(10_000) } };
    await createOutcomePublisher({ producer, now: () => 0 }).publish([large]);
    expect(sent[0]?.bodies).toMatchObject([{ metadata: { is_truncated: true }, unmapped: { data: {} } }]);
  });
});

describe("with the real SDK", () => {
  let broker: EventHubsBroker;
  const clients: EventHubProducerClient[] = [];

  beforeAll(async () => {
    broker = await createEventHubsBroker({
      hubs: [
        { name: "plans", partitions: 1 },
        { name: "outcomes", partitions: 4 },
      ],
    });
  });

  afterAll(async () => {
    for (const client of clients) await client.close();
    await broker.stop();
  });

  function client(hub: string): EventHubProducerClient {
    const made = new EventHubProducerClient(broker.connectionString, hub, { retryOptions: { maxRetries: 0 } });
    clients.push(made);
    return made;
  }

  it("wake-ups arrive as JSON, in order", async () => {
    const messages = [
      { kind: "close", identity: "a|b" },
      { kind: "deliver", identity: "a|c" },
    ];
    await createPlanQueue({ producer: client("plans") }).publish(messages);
    expect(broker.events("plans").map(({ body }) => JSON.parse(body.toString()))).toEqual(messages);
  });

  it("outcomes of one identity arrive on one partition, in order", async () => {
    const publisher = createOutcomePublisher({ producer: client("outcomes"), now: () => 0 });
    const ids = Array.from({ length: 5 }, (_, i) => `n-${i}`);
    await publisher.publish(ids.map((id) => ({ ...notice, id })));
    const arrived = broker.events("outcomes");
    expect(arrived.map(({ body }) => JSON.parse(body.toString()).metadata.uid)).toEqual(ids);
    expect(new Set(arrived.map(({ partitionId }) => partitionId)).size).toBe(1);
  });

  it("a hub that does not exist is a retryable error, since the hub may be on its way", async () => {
    const call = createPlanQueue({ producer: client("nowhere") }).publish([{}]);
    await expect(call).rejects.toBeInstanceOf(RetryableError);
  });
});
