// Links of producers: what they send is stored, or refused with a reason.
import type { Delivery, Receiver } from "rhea";
import { type Entity, type Hubs, resolveEntity } from "./address.ts";
import type { Peer } from "./peer.ts";
import { readPublication } from "./published-message.ts";
import { invalidArgument, isRefusal, messageTooLarge, notAuthorised, type Refusal } from "./refusal.ts";

/** The service's limit for one message or batch on the Standard and Premium tiers. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Answers the entity to publish to; a link that may not be is closed with the reason. */
export function openProducer(link: Receiver, peer: Peer, hubs: Hubs): Entity | undefined {
  const address = link.target?.address ?? "";
  const entity = peer.authorised ? resolveEntity(hubs, address) : notAuthorised(address);
  if (isRefusal(entity)) {
    link.close(entity);
    return undefined;
  }
  link.set_source({ address: link.source?.address ?? "" });
  link.set_target({ address });
  return entity;
}

/** Stores one transfer and settles it. The bytes are those of the whole message, whatever its format. */
export function acceptTransfer(delivery: Delivery, bytes: Buffer, entity: Entity, now: Date): void {
  const refusal = storeTransfer(delivery.format, bytes, entity, now);
  if (refusal === undefined) {
    delivery.accept();
  } else {
    delivery.reject(refusal);
  }
}

function storeTransfer(format: number, bytes: Buffer, entity: Entity, enqueuedAt: Date): Refusal | undefined {
  if (bytes.length > MAX_MESSAGE_BYTES) {
    return messageTooLarge(bytes.length, MAX_MESSAGE_BYTES);
  }
  try {
    const publication = readPublication(bytes, format);
    const to = entity.partition === undefined ? { enqueuedAt } : { enqueuedAt, partitionId: entity.partition.id };
    const stored = entity.hub.publish(publication, to);
    return isRefusal(stored) ? stored : undefined;
  } catch (error) {
    return invalidArgument(`The transfer cannot be read: ${String(error)}`);
  }
}
