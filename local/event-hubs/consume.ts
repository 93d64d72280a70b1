// Links of consumers: events of one partition from a starting position on, as far as the consumer's credit goes.
import type { Sender } from "rhea";
import { type Entity, type Hubs, resolveEntity } from "./address.ts";
import type { CountingSender } from "./amqp-types.ts";
import { runtimeMetrics } from "./annotations.ts";
import type { Reader, Readers } from "./owner-levels.ts";
import type { Partition, StoredEvent } from "./partition.ts";
import type { Peer } from "./peer.ts";
import { entityNotFound, isRefusal, notAuthorised, type Refusal } from "./refusal.ts";
import { startingAt } from "./start-position.ts";

export interface ConsumerContext {
  hubs: Hubs;
  now: () => Date;
  /** The readers of one partition in one consumer group. */
  readersOf(entity: Required<Entity>): Readers;
}

interface Opening {
  entity: Required<Entity>;
  next: number;
}

/** Starts delivering, or closes the link with the reason why not. */
export function openConsumer(link: Sender, peer: Peer, context: ConsumerContext): void {
  const address = link.source?.address ?? "";
  const opening = peer.authorised ? prepare(link, address, context.hubs) : notAuthorised(address);
  if (isRefusal(opening)) {
    link.close(opening);
    return;
  }
  const { entity, next } = opening;
  const readers = context.readersOf(entity);
  const reader = readerOf(link, () => leave());
  const refusal = readers.admit(reader);
  if (refusal !== undefined) {
    link.close(refusal);
    return;
  }
  link.set_source(link.source.filter === undefined ? { address } : { address, filter: link.source.filter });
  link.set_target({ address: link.target?.address ?? "" });
  const stop = deliver(link as CountingSender, entity.partition, next, context.now);
  const leave = () => {
    stop();
    readers.remove(reader);
    peer.onGone.delete(leave);
  };
  peer.onGone.add(leave);
  link.on("sender_close", leave);
  link.session.on("session_close", leave);
}

function prepare(link: Sender, address: string, hubs: Hubs): Opening | Refusal {
  const entity = resolveEntity(hubs, address);
  if (isRefusal(entity)) {
    return entity;
  }
  const { hub, partition, consumerGroup } = entity;
  if (partition === undefined || consumerGroup === undefined) {
    return entityNotFound(address);
  }
  const next = startingAt(partition, selectorOf(link));
  return typeof next === "number" ? { entity: { hub, partition, consumerGroup }, next } : next;
}

function selectorOf(link: Sender): string | undefined {
  const filter: unknown = link.source?.filter?.["apache.org:selector-filter:string"];
  const text: unknown = typeof filter === "object" && filter !== null && "value" in filter ? filter.value : filter;
  return typeof text === "string" ? text : undefined;
}

function readerOf(link: Sender, leave: () => void): Reader {
  const ownerLevel: unknown = link.properties?.["com.microsoft:epoch"];
  const name: unknown = link.properties?.["com.microsoft:receiver-name"];
  return {
    name: typeof name === "string" ? name : "nil",
    ...(typeof ownerLevel === "number" ? { ownerLevel } : {}),
    detach(reason) {
      leave();
      link.close(reason);
    },
  };
}

/** Sends what there is and what comes, never more than the consumer gave credit for. Answers how to stop. */
function deliver(link: CountingSender, partition: Partition, from: number, now: () => Date): () => void {
  const wantsMetrics = [link.desired_capabilities].flat().some((name) => String(name) === METRICS);
  let next = from;
  let handedOver = 0;
  let attached = false;

  // rhea spends credit only when it writes, a tick after send(); what waits in between counts as spent here.
  const creditLeft = () => link.credit - Math.max(0, handedOver - link.delivery_count);
  function pump(): void {
    if (!attached) {
      return;
    }
    // The session holds 2,048 unwritten transfers; rhea says "sendable" when there is room again.
    while (creditLeft() > 0 && link.sendable()) {
      const event = partition.read(next);
      if (event === undefined) {
        return;
      }
      link.send(encode(event, wantsMetrics ? partition.last() : undefined, now()), undefined, 0);
      handedOver = Math.max(handedOver, link.delivery_count) + 1;
      next = event.sequenceNumber + 1;
    }
  }
  // Within one tick rhea writes transfers before attaches: a client that sends both attach and credit would get events
  // on a link it does not know yet.
  setImmediate(() => {
    attached = true;
    pump();
  });
  const stop = partition.onAppend(pump);
  link.on("sender_flow", pump);
  link.on("sendable", pump);
  link.on("sender_draining", () => link.set_drained(true));
  return () => {
    attached = false;
    stop();
    link.removeListener("sender_flow", pump);
    link.removeListener("sendable", pump);
  };
}

const METRICS = "com.microsoft:enable-receiver-runtime-metric";

function encode({ header, rest }: StoredEvent, last: StoredEvent | undefined, now: Date): Buffer {
  return Buffer.concat([header, ...(last === undefined ? [] : [runtimeMetrics(last, now)]), rest]);
}
