// One Event Hub: its partitions, its consumer groups, and where a published message goes.
import type { HubOptions } from "./options.ts";
import { createPartition, type Partition, type StoredEvent } from "./partition.ts";
import { partitionIndexOf } from "./partition-key.ts";
import type { Publication } from "./published-message.ts";
import { noSuchPartition, type Refusal } from "./refusal.ts";

export interface Stored {
  partitionId: string;
  event: StoredEvent;
}

export interface Hub {
  name: string;
  createdAt: Date;
  partitions: readonly Partition[];
  hasConsumerGroup(name: string): boolean;
  /** By partition id, else by partition key, else the next in turn. The messages of one call stay together. */
  publish(publication: Publication, to: { partitionId?: string; enqueuedAt: Date }): Stored[] | Refusal;
  /** Told of each event as it is stored; answers how to stop that. */
  subscribe(listener: (stored: Stored) => void): () => void;
}

export function createHub(options: HubOptions, createdAt: Date, retainedEvents: number): Hub {
  const partitions = Array.from({ length: options.partitions }, (_, id) => createPartition(String(id), retainedEvents));
  const groups = new Set(["$default", ...(options.consumerGroups ?? []).map((group) => group.toLowerCase())]);
  const listeners = new Set<(stored: Stored) => void>();
  let turn = 0;

  function choose(partitionId: string | undefined, partitionKey: string | undefined): Partition | undefined {
    if (partitionId !== undefined) {
      return partitions.find((partition) => partition.id === partitionId);
    }
    return partitions[
      partitionKey === undefined ? turn++ % partitions.length : partitionIndexOf(partitionKey, partitions.length)
    ];
  }

  return {
    name: options.name,
    createdAt,
    partitions,
    hasConsumerGroup: (name) => groups.has(name.toLowerCase()),
    publish({ messages, partitionKey }, { partitionId, enqueuedAt }) {
      const partition = choose(partitionId, partitionKey);
      if (partition === undefined) {
        return noSuchPartition(partitionId ?? "", partitions.length);
      }
      const events = partition.append(
        messages,
        partitionKey === undefined ? { enqueuedAt } : { enqueuedAt, partitionKey },
      );
      const stored = events.map((event) => ({ partitionId: partition.id, event }));
      for (const listener of [...listeners]) {
        stored.forEach(listener);
      }
      return stored;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
