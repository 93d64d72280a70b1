// Addresses of links: HUB, HUB/Partitions/N, HUB/ConsumerGroups/GROUP/Partitions/N. Case does not matter.
import type { Hub } from "./hub.ts";
import type { Partition } from "./partition.ts";
import { entityNotFound, noSuchPartition, type Refusal } from "./refusal.ts";

export type Hubs = ReadonlyMap<string, Hub>;

export interface Entity {
  hub: Hub;
  partition?: Partition;
  consumerGroup?: string;
}

const ADDRESS = /^(?:[a-z]+:\/\/[^/]+)?\/?([^/]+)(?:\/consumergroups\/([^/]+))?(?:\/partitions\/([^/]+))?\/?$/i;

export function findHub(hubs: Hubs, name: string): Hub | undefined {
  return hubs.get(name.toLowerCase());
}

/** The entity an address names, or why there is none. */
export function resolveEntity(hubs: Hubs, address: string): Entity | Refusal {
  const [, hubName, consumerGroup, partitionId] = ADDRESS.exec(address) ?? [];
  const hub = hubName === undefined ? undefined : findHub(hubs, hubName);
  if (hub === undefined || (consumerGroup !== undefined && !hub.hasConsumerGroup(consumerGroup))) {
    return entityNotFound(address);
  }
  const group = consumerGroup === undefined ? {} : { consumerGroup: consumerGroup.toLowerCase() };
  if (partitionId === undefined) {
    return { hub, ...group };
  }
  const partition = hub.partitions.find((candidate) => candidate.id === partitionId);
  return partition === undefined ? noSuchPartition(partitionId, hub.partitions.length) : { hub, partition, ...group };
}
