// What no call of the Azure SDK can show is asked for with bare AMQP.
import { earliestEventPosition } from "@azure/event-hubs";
import rhea, { type Connection, type EventContext, type Message, type Receiver, type Sender } from "rhea";
import { describe, expect, it, onTestFinished } from "vitest";
import { read, startBroker } from "./support.ts";

function connect(port: number, credentials: { username?: string; password?: string } = { username: "me" }): Connection {
  const options = { host: "127.0.0.1", port, reconnect: false as const, ...credentials };
  const connection = rhea.create_container().connect(options);
  for (const event of ["disconnected", "sender_error", "receiver_error"]) {
    connection.on(event, () => undefined);
  }
  onTestFinished(() => connection.close());
  return connection;
}

function next(emitter: Connection | Sender | Receiver, event: string): Promise<EventContext> {
  return new Promise((resolve) => emitter.once(event, resolve));
}

/** Puts a token and answers the status. */
async function putToken(connection: Connection, token: string): Promise<number> {
  const replies = connection.open_receiver({ name: "replies", source: { address: "$cbs" } });
  const requests = connection.open_sender("$cbs");
  const answer = next(replies, "message");
  const request = {
    message_id: "1",
    reply_to: "replies",
    application_properties: { operation: "put-token", type: "servicebus.windows.net:sastoken", name: "any" },
    body: token,
  };
  requests.once("sendable", () => requests.send(request as unknown as Message));
  return (await answer).message?.application_properties?.["status-code"];
}

describe("the broker on the wire", () => {
  it("takes any token but an empty one", async () => {
    const connection = connect((await startBroker()).port);
    expect(await putToken(connection, "")).toBe(401);
    const { port } = await startBroker();
    expect(await putToken(connect(port), "SharedAccessSignature sr=any")).toBe(202);
    expect(await putToken(connect(port, { username: "me", password: "secret" }), "any")).toBe(202);
    expect(await putToken(connect(port, {}), "any")).toBe(202);
  });

  it("refuses links before a token was put", async () => {
    const connection = connect((await startBroker()).port);
    const { sender } = await next(connection.open_sender("signals"), "sender_error");
    expect(sender?.error).toMatchObject({ condition: "amqp:unauthorized-access" });
    const link = connection.open_receiver("signals/ConsumerGroups/$Default/Partitions/0");
    const { receiver } = await next(link, "receiver_error");
    expect(receiver?.error).toMatchObject({ condition: "amqp:unauthorized-access" });
  });

  it("keeps several data sections of one message apart and byte-identical", async () => {
    const broker = await startBroker();
    const connection = connect(broker.port);
    await putToken(connection, "any");
    const sections = [Buffer.from([0, 255, 1]), Buffer.from("{"), Buffer.from("é}")];
    const sender = connection.open_sender("signals/Partitions/0");
    await next(sender, "sendable");
    const accepted = next(sender, "accepted");
    sender.send({
      body: rhea.message.data_sections(sections),
      message_annotations: { mine: "kept" },
    } as unknown as Message);
    await accepted;
    expect(broker.events("signals")[0]?.body).toEqual(Buffer.concat(sections));
    const reading = read(broker, "0", { startPosition: earliestEventPosition, skipParsingBodyAsJson: true });
    const [received] = await reading.untilEvents(1);
    expect(received?.body).toEqual(sections);
    expect(received?.systemProperties).toMatchObject({ mine: "kept" });
  });

  it("sends exactly as many events as it has credit for", async () => {
    const broker = await startBroker();
    const connection = connect(broker.port);
    await putToken(connection, "any");
    for (let index = 0; index < 20; index++) {
      broker.enqueue("signals", index, { partitionId: "0" });
    }
    const numbers: number[] = [];
    const link = connection.open_receiver({
      source: { address: "signals/ConsumerGroups/$Default/Partitions/0" },
      credit_window: 0,
    });
    link.on("message", ({ message }: EventContext) =>
      numbers.push(message?.message_annotations?.["x-opt-sequence-number"]),
    );
    link.add_credit(3);
    while (numbers.length < 3) {
      await next(link, "message");
    }
    // A round trip to the broker's $cbs: had it sent a fourth event, that would have come first.
    broker.enqueue("signals", 20, { partitionId: "0" });
    const probe = connect(broker.port);
    await putToken(probe, "any");
    await next(connection.open_sender("signals"), "sender_open");
    expect(numbers).toEqual([0, 1, 2]);
    link.add_credit(18);
    while (numbers.length < 21) {
      await next(link, "message");
    }
    expect(numbers).toEqual(Array.from({ length: 21 }, (_, index) => index));
  });

  it("rejects a batch that is no AMQP and stays up for others", async () => {
    const broker = await startBroker();
    const connection = connect(broker.port);
    await putToken(connection, "any");
    const sender = connection.open_sender("signals");
    await next(sender, "sendable");
    const rejected = next(sender, "rejected");
    const garbage = rhea.message.encode({ body: rhea.message.data_section(Buffer.from("not a message")) });
    sender.send(garbage, undefined, 0x80013700);
    const { delivery } = await rejected;
    expect(delivery?.remote_state).toMatchObject({ error: { condition: "com.microsoft:argument-error" } });
    expect(broker.events("signals")).toEqual([]);
  });

  it("survives bytes that are no AMQP at all", async () => {
    const errors: Error[] = [];
    const broker = await startBroker({ onError: (error) => errors.push(error) });
    const { connect: open } = await import("node:net");
    const socket = open(broker.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\n\r\n");
    await new Promise((resolve) => socket.once("close", resolve).resume());
    expect(errors).toHaveLength(1);
    expect(await putToken(connect(broker.port), "any")).toBe(202);
  });
});
