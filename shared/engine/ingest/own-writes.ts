/**
 * Our own echo: what our service principal changed, as the audit log says, held against the ledger. A change under our id that no
 * step of ours explains was made by somebody who has our identity.
 */
import type { ChangedObject } from "../../domain/changed-object.ts";
import type { EventOf } from "../../domain/event.ts";
import { type IdentityKey, keyOfRef } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import type { LogEvent } from "../../ports/signals.ts";
import type { OwnIdentity } from "../../ports/tenant.ts";
import { endOf, type OwnStep, ownSteps } from "../evidence/own-changes.ts";
import { placeFinding } from "../incident/place-finding.ts";
import { loadPartition } from "../rows/partition.ts";
import { blockPolicyWrites } from "../run/block-policy-row.ts";
import { detect } from "./detect.ts";
import { leaves, policyActivity } from "./own-activities.ts";

/** Our clock and that of Entra may differ by this. */
const skewMs = 60_000;
/** What one request sets off in the directory is written down within this. */
const echoMs = 5 * 60_000;
const hourMs = 3600_000;

interface OwnChange {
  readonly activity: string;
  readonly at: number;
  readonly objectIds: readonly string[];
}

/**
 * One event for each activity on the same objects in one hour that nothing explains, so that a redelivery finds it known. None where
 * we do not know who we are. Throws what storage throws.
 *
 * @param changes by the workload identity that did it, one list a record
 */
export async function ownWrites(
  services: Services,
  changes: ReadonlyMap<string, readonly (readonly ChangedObject[])[]>,
): Promise<readonly EventOf<"own-write">[]> {
  if (changes.size === 0) return [];
  const self = await services.tenant.whoAmI();
  const records = self === null ? undefined : changes.get(self.servicePrincipalId);
  if (self === null || records === undefined) return [];
  const ledger = createLedger(services);
  const events = new Map<string, EventOf<"own-write">>();
  for (const change of records.flatMap(changeOf)) {
    if (await ledger.explains(change)) continue;
    const event = eventOf(self, change);
    events.set(event.id, event);
  }
  return [...events.values()];
}

/** Tells people of what nothing explains. */
export async function tellOwnWrites(
  services: Services,
  changes: ReadonlyMap<string, readonly (readonly ChangedObject[])[]>,
): Promise<void> {
  const facts = { now: services.clock.now(), tuning: services.policy.tuning };
  for (const event of await ownWrites(services, changes)) {
    // Told first, and to another place: whoever has our identity may have our tables as well.
    services.logger.warn("The tenant was changed under our id, and no step of ours explains it", {
      event: "own-write.unexplained" satisfies LogEvent,
      activity: event.activity,
      objectIds: event.objectIds.join(),
      at: event.occurredAt,
    });
    for (const finding of detect(event, facts)) await placeFinding(services, finding);
  }
}

/** The objects of one record have its activity and its time. Records are not put together: a thief may act in the moment that we do. */
function changeOf(objects: readonly ChangedObject[]): readonly OwnChange[] {
  const [first] = objects;
  if (first === undefined) return [];
  return [{ activity: first.activity, at: first.at, objectIds: [...new Set(objects.map(({ id }) => id))].sort() }];
}

/** The ledger as it is now; each partition is read once. */
function createLedger(services: Services) {
  const { stores, policy, clock } = services;
  const steps = new Map<IdentityKey, Promise<readonly OwnStep[]>>();
  let policyWrites: Promise<readonly number[]> | null = null;

  /** What we write to we have an alias for. */
  async function stepsOn(objectId: string): Promise<readonly OwnStep[]> {
    const known = await stores.aliases.get(policy.tenantId, objectId);
    const key = known === null ? null : keyOfRef(known);
    if (key === null) return [];
    const loaded = steps.get(key) ?? loadPartition(stores.identities, key).then(ownSteps);
    steps.set(key, loaded);
    return loaded;
  }

  async function isPolicyList({ activity, at, objectIds }: OwnChange): Promise<boolean> {
    const { policyId } = policy.conditionalAccess ?? {};
    if (policyId === undefined || !objectIds.includes(policyId) || !policyActivity.test(activity)) return false;
    policyWrites ??= blockPolicyWrites(services);
    return (await policyWrites).some((wroteAt) => isWithin(at, wroteAt, wroteAt));
  }

  return {
    async explains(change: OwnChange): Promise<boolean> {
      if (await isPolicyList(change)) return true;
      for (const objectId of change.objectIds) {
        if ((await stepsOn(objectId)).some((step) => isEchoOf(step, change, clock.now()))) return true;
      }
      return false;
    },
  };
}

function isEchoOf({ step, row }: OwnStep, { activity, at }: OwnChange, now: number): boolean {
  if (row.intendedAt === null || !leaves(step.action, step.undoes !== null, activity)) return false;
  return isWithin(at, Date.parse(row.intendedAt), endOf(row, now));
}

function isWithin(at: number, from: number, to: number): boolean {
  return at >= from - skewMs && at <= to + echoMs;
}

function eventOf({ tenantId, appId, servicePrincipalId }: OwnIdentity, change: OwnChange): EventOf<"own-write"> {
  const { activity, at, objectIds } = change;
  const hour = isoAt(Math.floor(at / hourMs) * hourMs);
  const id = hashId("own-write", activity, hour, ...objectIds);
  return {
    type: "own-write",
    id,
    category: "AuditLogs",
    recordId: id,
    tenantId,
    occurredAt: isoAt(at),
    correlationId: null,
    actor: { kind: "workload", id: servicePrincipalId, appId, claimedName: null },
    subject: { tenantId, appId, servicePrincipalId, applicationObjectId: null },
    claimedName: null,
    activity,
    objectIds: [...objectIds],
    explained: false,
  };
}
