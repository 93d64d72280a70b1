/**
 * Who an object id is, and of what kind, only the tenant can tell. A replay goes on with the id that the record names, and says so;
 * what hangs on the kind alone is left open.
 */
import {
  type IdentityKey,
  type IdentityRef,
  isTopic,
  isUnresolved,
  servicePrincipalKey,
} from "../../../shared/domain/identity.ts";
import { openIncident, waitsForKind } from "../../../shared/engine/incident/adopt-kind.ts";
import { playbooksThatWait } from "../../../shared/engine/incident/choose-playbooks.ts";
import { fileFinding } from "../../../shared/engine/incident/file-finding.ts";
import { findingsOf } from "../../../shared/engine/incident/plan-findings.ts";
import { withIdentity } from "../../../shared/engine/ingest/detect.ts";
import { loadPartition, type Partition, readAll } from "../../../shared/engine/rows/partition.ts";
import { FindingRow } from "../../../shared/engine/rows/rows.ts";
import { isoAt } from "../../../shared/ports/clock.ts";
import { quietAt } from "./close.ts";
import type { Offline } from "./in-hand.ts";
import { adoptRecordedKind } from "./recorded-kind.ts";

export async function resolveOffline(offline: Offline, key: IdentityKey): Promise<void> {
  if (isTopic(key)) return;
  if (isUnresolved(key)) await fileByObjectId(offline, key);
  else await lookAtKind(offline, key);
}

/** A key of its own for an application without a known appId: no record can have claimed it. */
export function objectKey({ tenantId, servicePrincipalId, applicationObjectId }: IdentityRef): IdentityKey {
  return servicePrincipalId === null
    ? `${tenantId}|application:${applicationObjectId}`
    : servicePrincipalKey(tenantId, servicePrincipalId);
}

async function fileByObjectId({ services, tally }: Offline, key: IdentityKey): Promise<void> {
  const partition = await loadPartition(services.stores.identities, key);
  for (const { value } of readAll(partition, "finding|", FindingRow)) {
    const { subject } = value.finding;
    const known = objectKey(subject);
    tally.knownByObjectId(known);
    await fileFinding(services, known, withIdentity(value.finding, known, subject));
  }
  services.stores.identities.forget(key);
}

async function lookAtKind(offline: Offline, key: IdentityKey): Promise<void> {
  const { services } = offline;
  const partition = await loadPartition(services.stores.identities, key);
  const incident = openIncident(partition);
  if (incident === null || !waitsForKind(partition)) return;
  if ((await adoptRecordedKind(offline, partition)).kind !== "unknown") return;
  for (const playbook of waiting(partition, incident.id)) {
    offline.tally.decided(incident.id, `kind|${playbook}`, {
      day: isoAt(services.clock.now()).slice(0, 10),
      playbook,
      stage: "-",
      verdict: "unknown",
      reasons: ["the kind of the identity decides whether this playbook is for it"],
      needsTenant: [],
    });
  }
  services.stores.due.putAt({ kind: "close", identity: key }, quietAt(services));
}

function waiting(partition: Partition, incidentId: string): ReadonlySet<string> {
  return new Set(findingsOf(partition, incidentId).flatMap((one) => playbooksThatWait(one).map(({ id }) => id)));
}
