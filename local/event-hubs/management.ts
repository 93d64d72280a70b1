// `$management`: what an Event Hub or one of its partitions looks like right now.
import { findHub, type Hubs } from "./address.ts";
import { types } from "./amqp-types.ts";
import type { Hub } from "./hub.ts";
import { entityNotFound, noSuchPartition, notAuthorised, type Refusal } from "./refusal.ts";
import type { Answer, RequestHandler } from "./request-response.ts";

/** What the service gives as the last enqueued time of a partition that never held an event (.NET's DateTime.MinValue). */
const NEVER = new Date("0001-01-01T00:00:00.000Z");

export function createManagement(hubs: Hubs): RequestHandler {
  return (request, peer) => {
    const { operation, type, name, partition } = request.application_properties ?? {};
    if (!peer.authorised) {
      return notAuthorised("$management");
    }
    if (operation !== "READ") {
      return {
        condition: "amqp:not-implemented",
        description: `$management knows READ, not ${JSON.stringify(operation)}.`,
      };
    }
    const hub = findHub(hubs, String(name));
    if (hub === undefined) {
      return entityNotFound(String(name));
    }
    return type === "com.microsoft:partition" ? describePartition(hub, String(partition)) : describeHub(hub);
  };
}

function describeHub(hub: Hub): Answer {
  const ids = hub.partitions.map((partition) => partition.id);
  return {
    status: 200,
    description: "OK",
    body: {
      type: "com.microsoft:eventhub",
      name: hub.name,
      created_at: hub.createdAt,
      partition_count: types.wrap_int(ids.length),
      partition_ids: ids,
      georeplication_factor: types.wrap_int(1),
    },
  };
}

function describePartition(hub: Hub, partitionId: string): Answer | Refusal {
  const partition = hub.partitions.find(({ id }) => id === partitionId);
  if (partition === undefined) {
    return noSuchPartition(partitionId, hub.partitions.length);
  }
  const last = partition.last();
  return {
    status: 200,
    description: "OK",
    body: {
      type: "com.microsoft:partition",
      name: hub.name,
      partition: partition.id,
      begin_sequence_number: types.wrap_long(last === undefined ? -1 : partition.first()),
      last_enqueued_sequence_number: types.wrap_long(partition.next() - 1),
      last_enqueued_offset: last?.offset ?? "-1",
      last_enqueued_time_utc: last?.enqueuedAt ?? NEVER,
      is_partition_empty: last === undefined,
    },
  };
}
