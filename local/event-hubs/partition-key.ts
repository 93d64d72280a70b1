// Which partition a partition key belongs to: always the same one, as long as the number of partitions stays.
import { createHash } from "node:crypto";

/** Not the service's own hash: events of one key stay together, but not in the partition the cloud would choose. */
export function partitionIndexOf(partitionKey: string, partitions: number): number {
  return createHash("sha256").update(partitionKey, "utf8").digest().readUInt32BE(0) % partitions;
}
