/** A whole scan as it lies in the tables, and retirements beside it: for tests of what people see of them. */
import { type IdentityRef, identityKey } from "../../shared/domain/identity.ts";
import { hashId } from "../../shared/domain/ids.ts";
import type { Retirement } from "../../shared/domain/retirement.ts";
import type { JudgedIdentity } from "../../shared/domain/use.ts";
import { Draft, loadPartition } from "../../shared/engine/rows/partition.ts";
import { IdentityRecord, rowKey } from "../../shared/engine/rows/rows.ts";
import { newScanState, type ScanState, verdictsOf } from "../../shared/engine/unused/scan/scan-state.ts";
import type { Services } from "../../shared/ports/services.ts";
import { iso, startAt, tenantId } from "./harness-cast.ts";
import { day } from "./harness-world.ts";

type Storing = Pick<Services, "stores" | "policy" | "clock">;

/** The nth of many. */
export function refOf(n: number): IdentityRef {
  const id = (kind: string) => `${kind.repeat(8)}-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return { tenantId, appId: id("1"), servicePrincipalId: id("2"), applicationObjectId: id("3") };
}

export function judged(n: number, change: Partial<JudgedIdentity> = {}): JudgedIdentity {
  const lastUsedAt = startAt - (100 + n) * day;
  return {
    identity: refOf(n),
    kind: "home-single-tenant",
    claimedName: `app ${n}`,
    verdict: {
      state: "unused",
      reasons: [{ code: "unused-for-long", words: `nobody used it for ${100 + n} days`, data: {} }],
      lastUsedAt,
      windowDays: 90,
      credentials: [],
    },
    unusedSince: startAt - 10 * day,
    privileges: [],
    ...change,
  };
}

export const firstScan = hashId("scan-1");
export const secondScan = hashId("scan-2");

/** As the scan leaves it, so many identities to a page. */
export async function keepScan(
  services: Storing,
  all: readonly JudgedIdentity[],
  { scanId = firstScan, startedAt = startAt - day, perPage = 3 } = {},
): Promise<void> {
  const { stores, clock } = services;
  const before = await stores.scans.get(tenantId);
  for (let at = 0; at * perPage < all.length; at++) {
    const page = all.slice(at * perPage, (at + 1) * perPage);
    await stores.scans.putPage(tenantId, verdictsOf(scanId), "judged", at, page, clock.now() + 30 * day);
  }
  const last = { scanId, startedAt, endedAt: startedAt + 60_000, pages: 7, counts: { unused: all.length } };
  const whole = { ...last, coverage: 90, reportOnly: null, missing: [] };
  const state: ScanState = { ...newScanState(clock.now()), last: whole };
  await stores.scans.put(tenantId, state, before?.etag ?? null);
}

export function retirement(change: Partial<Retirement> = {}): Retirement {
  return {
    state: "told",
    since: iso(startAt - 2 * day),
    because: "nobody used it for 104 days",
    incidentId: hashId("incident"),
    planIds: [hashId("plan")],
    lastUsedAt: iso(startAt - 104 * day),
    owners: [{ objectId: "cccccccc-0000-4000-8000-000000000001", type: "#microsoft.graph.user" }],
    ownersReadAt: iso(startAt - 2 * day),
    privileges: [],
    toldAt: iso(startAt - 2 * day),
    disabledAt: null,
    deletedAt: null,
    restoredAt: null,
    signOfLifeAt: null,
    ...change,
  };
}

/** The rows of one whose retirement has begun. */
export async function keepRetirement({ stores }: Storing, ref: IdentityRef, value: Retirement): Promise<void> {
  const draft = new Draft(await loadPartition(stores.identities, identityKey(tenantId, ref.appId ?? "")));
  const record = IdentityRecord.parse({
    ...{ ref, claimedName: "as its record has it", openIncidentId: null, refusedSignInAt: null },
  });
  draft.put(rowKey.identity, record, startAt + 400 * day);
  draft.put(rowKey.retirement, value, startAt + 400 * day);
  await draft.commit(stores.identities);
}
