/** Everything we know of one identity, and how old each part of it is. Nothing is asked of Graph. */
import type { Baseline } from "../../../domain/baseline.ts";
import type { Footholds } from "../../../domain/footholds.ts";
import { type IdentityRef, isUnresolved, keyOfRef, refOfKey } from "../../../domain/identity.ts";
import { Incident } from "../../../domain/incident.ts";
import { isoAt } from "../../../ports/clock.ts";
import { containmentOf, ownSteps } from "../../evidence/own-changes.ts";
import { knownFootholds, knownKind } from "../../incident/known-kind.ts";
import { type Partition, read, readAll } from "../../rows/partition.ts";
import { IdentityRecord, type KindRow, rowKey } from "../../rows/rows.ts";
import type { TableServices } from "../find-plan.ts";
import { partitionNamed } from "./identity-id.ts";
import { type ShownProtection, shownProtection } from "./identity-protection.ts";
import { type IncidentSummary, incidentSummary } from "./incident-summary.ts";
import type { ShownIdentity } from "./run-summary.ts";

export interface IdentityDetail extends ShownIdentity {
  /** null: it can be acted on; else why what follows is little, and how to have it read */
  readonly hint: string | null;
  readonly kind: KindRow | null;
  readonly footholds: Footholds | null;
  /** what we changed after the footholds were read, so that they may not show it */
  readonly changedSince: readonly { readonly planId: string; readonly action: string; readonly at: string }[];
  readonly dependencies: readonly ShownReading[];
  readonly protection: ShownProtection;
  readonly baseline: ShownBaseline | null;
  /** our newest disable of it that nobody took back */
  readonly disabledByUs: { readonly planId: string; readonly appliedAt: string } | null;
  /** newest first */
  readonly incidents: readonly Omit<IncidentSummary, "identity" | "topic">[];
}

interface ShownReading {
  readonly readAt: string;
  readonly lastUsedAt: string | null;
  readonly appProxy: boolean | null;
  readonly createdAt: string | null;
}

interface ShownBaseline {
  readonly signInsSince: string | null;
  readonly changesSince: string | null;
  readonly lastSignInDay: string | null;
  readonly networks: number;
  readonly countries: number;
  readonly resources: number;
  readonly credentials: number;
}

/** `id`: `appId:GUID` or an object id. What nobody knows is answered as that: it is no mistake to ask. */
export async function identityDetail(services: TableServices, id: string): Promise<IdentityDetail> {
  const partition = await partitionNamed(services, id);
  const record = read(partition, rowKey.identity, IdentityRecord);
  const footholds = knownFootholds(partition);
  const ref = refIn(partition, record, footholds);
  const asked = id.replace(/^appid:/i, "").toLowerCase();
  const { policy, stores } = services;
  const [readings, baseline, protection] = await Promise.all([
    ref.appId === null ? [] : stores.dependencies.readings(policy.tenantId, ref.appId),
    stores.baselines.get(partition.key),
    shownProtection(services, partition, ref, asked),
  ]);
  const { appId, servicePrincipalId, applicationObjectId } = ref;
  const held = containmentOf(partition);
  return {
    key: partition.key,
    ...{ appId, servicePrincipalId, applicationObjectId },
    claimedName: record?.claimedName ?? null,
    hint: hintOf(partition, footholds, id),
    kind: knownKind(partition),
    footholds,
    changedSince: changedSince(partition, footholds),
    dependencies: readings.map(shownReading),
    protection,
    baseline: baseline === null ? null : shownBaseline(baseline.baseline),
    disabledByUs: held === null ? null : { planId: held.planId, appliedAt: held.appliedAt },
    incidents: incidentsOf(partition),
  };
}

/** The key's own ids first, then what Graph said, then what records claimed. */
function refIn(partition: Partition, record: IdentityRecord | null, footholds: Footholds | null): IdentityRef {
  const own = refOfKey(partition.key);
  const claimed = record?.ref;
  return {
    tenantId: own.tenantId,
    appId: own.appId ?? claimed?.appId ?? null,
    servicePrincipalId:
      own.servicePrincipalId ?? footholds?.servicePrincipal?.id ?? claimed?.servicePrincipalId ?? null,
    applicationObjectId: footholds?.applicationObjectId ?? claimed?.applicationObjectId ?? null,
  };
}

function hintOf(partition: Partition, footholds: Footholds | null, id: string): string | null {
  if (footholds !== null) return null;
  const how = `a dry run has it read: POST /api/identities/${id}/runs with "dryRun": true`;
  if (isUnresolved(partition.key) || keyOfRef(refOfKey(partition.key)) === null)
    return `nobody has looked whose object id this is; ${how}`;
  return `nobody has read its footholds yet; ${how}`;
}

function changedSince(partition: Partition, footholds: Footholds | null): IdentityDetail["changedSince"] {
  if (footholds === null) return [];
  return ownSteps(partition).flatMap(({ plan, step, row: { outcome } }) =>
    outcome?.status === "applied" && outcome.at >= footholds.readAt
      ? [{ planId: plan.id, action: step.action, at: outcome.at }]
      : [],
  );
}

function incidentsOf(partition: Partition): IdentityDetail["incidents"] {
  return readAll(partition, "incident|", Incident)
    .map(({ value }) => incidentSummary(partition, value))
    .sort((a, b) => b.openedAt.localeCompare(a.openedAt))
    .map(({ identity: _, topic: __, ...summary }) => summary);
}

function shownReading(reading: {
  readonly readAt: number;
  readonly lastUsedAt: number | null;
  readonly appProxy: boolean | null;
  readonly createdAt: number | null;
}): ShownReading {
  const { readAt, lastUsedAt, appProxy, createdAt } = reading;
  return { readAt: isoAt(readAt), lastUsedAt: timeOf(lastUsedAt), appProxy, createdAt: timeOf(createdAt) };
}

function shownBaseline({ signInsSince, changesSince, seen }: Baseline): ShownBaseline {
  const count = (facet: keyof typeof seen) => Object.keys(seen[facet] ?? {}).length;
  return {
    signInsSince: timeOf(signInsSince),
    changesSince: timeOf(changesSince),
    lastSignInDay:
      Object.keys(seen.day ?? {})
        .sort()
        .at(-1) ?? null,
    networks: count("network"),
    countries: count("country"),
    resources: count("resource"),
    credentials: count("key"),
  };
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : isoAt(ms);
}
