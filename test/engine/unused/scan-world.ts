/** A tenant of a few identities, and processes that scan it. */

import type { Policy } from "../../../shared/domain/policy.ts";
import { defaultRetirePolicy, type RetirePolicy } from "../../../shared/domain/retire-policy.ts";
import type { JudgedIdentity } from "../../../shared/domain/use.ts";
import { requestScan } from "../../../shared/engine/unused/scan/request-scan.ts";
import { continueScan } from "../../../shared/engine/unused/scan/scan.ts";
import { readScanState, type ScanState } from "../../../shared/engine/unused/scan/scan-state.ts";
import { judgedIdentities } from "../../../shared/engine/unused/scan/verdicts.ts";
import type { Services } from "../../../shared/ports/services.ts";
import { startAt, tenantId } from "../../support/harness-cast.ts";
import { newWorld, policyWith, startProcess, type World } from "../../support/harness-world.ts";
import { day, ListedTenant, listed } from "../../support/listed-tenant.ts";
import type { CallHooks } from "../../support/store-hooks.ts";

const minute = 60_000;

export interface ScanWorld {
  readonly world: World;
  readonly tenant: ListedTenant;
}

export function retiring(retire: Partial<RetirePolicy> = {}, change: Partial<Policy> = {}): Policy {
  const policy = policyWith(change);
  return {
    ...policy,
    stages: { ...policy.stages, retire: "enforce" },
    retire: { ...defaultRetirePolicy, dryDays: 0, percent: 100, ...retire },
    ...change,
  };
}

/** 1: used yesterday · 2: unused · 3: unused and privileged · 4: no row · 5: an API that 6 calls · 6: used · 7: Microsoft's · 8: without a principal */
export async function scanWorld(policy: Policy = retiring()): Promise<ScanWorld> {
  const world = newWorld(policy);
  const tenant = new ListedTenant();
  const ago = (days: number) => startAt - days * day;
  tenant.add(1, ago(1));
  tenant.add(2, ago(200));
  tenant.add(3, ago(600));
  tenant.add(4, null);
  tenant.add(5, ago(300));
  tenant.add(6, ago(2));
  tenant.add(7, ago(500), { principal: { appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" } });
  tenant.add(8, ago(300));
  tenant.lists.servicePrincipals.pop();
  tenant.lists.oauth2PermissionGrants.push({ clientId: listed(6).principalId, resourceId: listed(5).principalId });
  tenant.lists.roleAssignments.push({
    principalId: listed(3).principalId,
    roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10",
  });
  const { stores } = processOf({ world, tenant });
  await stores.dependencies.putSummary(tenantId, { readAt: startAt, enabledServicePrincipals: 100 });
  const reading = { readAt: startAt, lastUsedAt: null, appProxy: false, createdAt: null };
  await stores.dependencies.put(tenantId, new Map([2, 3].map((n) => [listed(n).appId, reading])));
  return { world, tenant };
}

export function processOf({ world, tenant }: ScanWorld, instance = "one", hooks: CallHooks = {}): Services {
  return { ...startProcess(world, instance, hooks).services, tenant };
}

/** Asks for a scan, and runs the timer until it is over and nothing is to be begun. */
export async function scanNow(scan: ScanWorld, services = processOf(scan)): Promise<ScanState> {
  await requestScan(services);
  return goOn(scan, services);
}

export async function goOn({ world }: ScanWorld, services: Services, minutes = 60): Promise<ScanState> {
  for (let n = 0; n < minutes; n++) {
    await continueScan(services, 30_000);
    await world.clock.advance(minute);
    const state = (await readScanState(services))?.state;
    if (state !== undefined && state.current === null && state.requestedAt === null && n > 0) return state;
  }
  throw new Error("the scan does not end");
}

export async function verdicts(services: Services): Promise<ReadonlyMap<string, JudgedIdentity>> {
  const all = new Map<string, JudgedIdentity>();
  for await (const one of judgedIdentities(services)) {
    const id = one.identity.appId ?? "";
    if (all.has(id)) throw new Error(`${id} is judged twice`);
    all.set(id, one);
  }
  return all;
}

/** `app 2: unused`, in order. */
export async function states(services: Services): Promise<readonly string[]> {
  const all = [...(await verdicts(services)).values()];
  return all.map(({ claimedName, verdict }) => `${claimedName}: ${verdict.state}`).sort();
}
