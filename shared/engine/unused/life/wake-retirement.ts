/** The writer looks at a retirement when something that it stands on has changed; its daily look comes in any case. */
import { isRetiring, Retirement } from "../../../domain/retirement.ts";
import type { Services } from "../../../ports/services.ts";
import { putDue, wake } from "../../rows/due.ts";
import { type Partition, read } from "../../rows/partition.ts";
import { rowKey } from "../../rows/rows.ts";

/** Nothing where nothing was ever retired. */
export async function wakeRetirement(services: Services, partition: Partition): Promise<void> {
  if (!partition.rows.has(rowKey.retirement)) return;
  await wake(services, [await dueNow(services, partition)]);
}

/** The same for a person's tool, which has no hub: the sweep does it. */
export async function dueNow(services: Pick<Services, "clock" | "stores">, { key }: Partition) {
  return putDue(services, { kind: "retirement", identity: key }, services.clock.now());
}

/** Is the retirement that the incident is about still under way? */
export function isBeingRetired(partition: Partition, incidentId: string): boolean {
  const row = read(partition, rowKey.retirement, Retirement);
  return row !== null && row.incidentId === incidentId && isRetiring(row);
}
