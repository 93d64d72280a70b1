/** Keeps a finding whose identity nobody knows yet, under the object id the record named, and wakes the writer to resolve it. */
import type { DueMessage } from "../../domain/due.ts";
import type { Finding } from "../../domain/finding.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import { publishedAgainMs, putDue, wake } from "../rows/due.ts";
import { historyMs } from "../rows/expiry.ts";
import { Draft, loadPartition } from "../rows/partition.ts";
import { type FindingRow, rowKey } from "../rows/rows.ts";

/** No incident and no plan yet: those belong to an identity. */
export async function fileUnresolved(
  services: Services,
  key: IdentityKey,
  finding: Finding,
): Promise<"kept" | "duplicate"> {
  const partition = await loadPartition(services.stores.identities, key);
  const message: DueMessage = { kind: "resolve", identity: key };
  if (partition.rows.has(rowKey.finding(finding.id))) {
    // The first delivery may have died before it woke the writer: not to wait for the sweep.
    await wake(services, [{ message, attempts: 0, version: null }]);
    return "duplicate";
  }
  const now = services.clock.now();
  const wakeUp = await putDue(services, message, now + publishedAgainMs);
  const row: FindingRow = { incidentId: null, finding };
  const created = await new Draft(partition)
    .put(rowKey.finding(finding.id), row, now + historyMs)
    .commit(services.stores.identities);
  // A lost race is the same finding filed by another delivery: its wake-up is ours too.
  await wake(services, [wakeUp]);
  return created ? "kept" : "duplicate";
}
