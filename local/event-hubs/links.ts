// Leads each link and each message that a client opens or sends to the part of the broker that serves it.
import rhea, { type Container, type EventContext, type Receiver, type Sender } from "rhea";
import type { Entity, Hubs } from "./address.ts";
import { putToken } from "./cbs.ts";
import { openConsumer } from "./consume.ts";
import { createManagement } from "./management.ts";
import { createReaders, type Readers } from "./owner-levels.ts";
import type { Partition } from "./partition.ts";
import type { Peers } from "./peer.ts";
import { acceptTransfer, openProducer } from "./publish.ts";
import { answerRequest, isRequestNode, openReplyLink } from "./request-response.ts";

export interface Serving {
  hubs: Hubs;
  peers: Peers;
  now: () => Date;
  onError(error: Error): void;
}

export function serveLinks(container: Container, serving: Serving): void {
  const { hubs, peers, now } = serving;
  const readersOf = createReadersIndex();
  const management = createManagement(hubs);
  const producers = new WeakMap<Receiver, Entity>();

  container.on("sender_open", ({ sender, connection }: EventContext) => {
    if (sender === undefined) {
      return;
    }
    const peer = peers.of(connection);
    if (isRequestNode(addressOf(sender.source))) {
      openReplyLink(sender, peer);
    } else {
      openConsumer(sender, peer, { hubs, now, readersOf });
    }
  });
  container.on("receiver_open", ({ receiver, connection }: EventContext) => {
    if (receiver === undefined) {
      return;
    }
    const address = addressOf(receiver.target);
    if (isRequestNode(address)) {
      receiver.set_target({ address });
      return;
    }
    const entity = openProducer(receiver, peers.of(connection), hubs);
    if (entity !== undefined) {
      producers.set(receiver, entity);
    }
  });
  container.on("message", ({ receiver, delivery, message, connection }: EventContext) => {
    if (receiver === undefined || delivery === undefined || message === undefined) {
      return;
    }
    const entity = producers.get(receiver);
    if (entity !== undefined) {
      acceptTransfer(delivery, Buffer.isBuffer(message) ? message : rhea.message.encode(message), entity, now());
      return;
    }
    delivery.accept();
    if (isRequestNode(addressOf(receiver.target))) {
      answerRequest(message, peers.of(connection), addressOf(receiver.target) === "$cbs" ? putToken : management);
    }
  });
  watchErrors(container, serving.onError);
}

function addressOf(terminus: Sender["source"] | undefined | null): string {
  return typeof terminus?.address === "string" ? terminus.address : "";
}

/** One set of readers per partition and consumer group, made when first asked for. */
function createReadersIndex(): (entity: Required<Entity>) => Readers {
  const index = new Map<Partition, Map<string, Readers>>();
  return ({ partition, consumerGroup }) => {
    const groups = index.get(partition) ?? new Map<string, Readers>();
    const readers = groups.get(consumerGroup) ?? createReaders();
    index.set(partition, groups.set(consumerGroup, readers));
    return readers;
  };
}

/** rhea throws or prints what nobody listens to; a client's broken connection must do neither here. */
function watchErrors(container: Container, onError: (error: Error) => void): void {
  const report = (context: unknown) => {
    const cause = context instanceof Error ? context : (context as EventContext | undefined)?.error;
    if (cause instanceof Error) {
      onError(cause);
    }
  };
  for (const name of [
    "error",
    "protocol_error",
    "connection_error",
    "session_error",
    "sender_error",
    "receiver_error",
  ]) {
    container.on(name, report);
  }
  container.on("disconnected", () => undefined);
}
