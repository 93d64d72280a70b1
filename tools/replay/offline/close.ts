/** An incident is over when nothing came for the quiet time: it is counted then, and forgotten, so that memory stays flat. */
import type { IdentityKey } from "../../../shared/domain/identity.ts";
import { openIncident } from "../../../shared/engine/incident/adopt-kind.ts";
import { findingsOf } from "../../../shared/engine/incident/plan-findings.ts";
import { loadPartition } from "../../../shared/engine/rows/partition.ts";
import type { Offline } from "./in-hand.ts";
import type { ReplayServices } from "./services.ts";

export function quietAt({ clock, policy }: ReplayServices, since = clock.now()): number {
  return since + policy.incident.quietHours * 3600_000;
}

export async function closeOffline({ services, tally }: Offline, identity: IdentityKey): Promise<void> {
  const { stores, clock } = services;
  const partition = await loadPartition(stores.identities, identity);
  const incident = openIncident(partition);
  if (incident === null) return;
  const signs = findingsOf(partition, incident.id).map(({ receivedAt }) => Date.parse(receivedAt));
  const closesAt = quietAt(services, Math.max(Date.parse(incident.openedAt), ...signs));
  if (clock.now() < closesAt) {
    stores.due.putAt({ kind: "close", identity }, closesAt);
    return;
  }
  tally.closed(incident.id);
  stores.identities.forget(identity);
}
