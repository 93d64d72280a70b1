/** The engine with the real Graph adapter, the twin behind it, memory stores, and the clock that both go by. */

import { identityKey } from "../../../shared/domain/identity.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import { RetirePolicy } from "../../../shared/domain/retire-policy.ts";
import { Retirement } from "../../../shared/domain/retirement.ts";
import { createIngest } from "../../../shared/engine/ingest/ingest.ts";
import { rowKey } from "../../../shared/engine/rows/rows.ts";
import { createWriter } from "../../../shared/engine/run/writer.ts";
import { createArmTenant } from "../../../shared/graph/arm-tenant.ts";
import { routeByVersion } from "../../../shared/graph/by-version.ts";
import { createGraphTenant, type TenantOptions } from "../../../shared/graph/graph-tenant.ts";
import type { LaneRates } from "../../../shared/graph/lanes.ts";
import type { Tenant } from "../../../shared/ports/tenant.ts";
import { tokenOf } from "../../local/tenant/ask.ts";
import { type Process, policyWith, startProcess, type World } from "../harness-world.ts";
import { exemptTag, named } from "./exempt-classes.ts";
import type { Ids } from "./life-class.ts";
import { dayMs, startAt, type Town } from "./town.ts";

/** Time stands still while a request is on its way: a lane that made it wait would wait for ever. */
const unpaced = { ratePerSecond: 1e6, burst: 1e6, lowShare: 1 };
const lanes: LaneRates = {
  directory: unpaced,
  "directory-write": unpaced,
  "identity-protection": unpaced,
  reports: unpaced,
  "key-credentials": unpaced,
  azure: unpaced,
};

const dayIn = (day: number): string => new Date(startAt + day * dayMs).toISOString();

export const retirePolicy: RetirePolicy = RetirePolicy.parse({
  perDay: 4,
  percent: 10,
  workingHours: { from: "08:00", to: "17:00", timeZone: "UTC" },
  exemptTags: [exemptTag],
  holds: [
    { id: named.held, until: dayIn(900), reason: "asked for by the treasury" },
    { id: named.heldForAWhile, until: dayIn(150), reason: "a project that may begin again" },
  ],
});

function policyOf(tenantId: string): Policy {
  const shipped = policyWith();
  return {
    ...shipped,
    tenantId,
    stages: { ...shipped.stages, retire: "enforce" },
    detections: {
      ...shipped.detections,
      "unused-identity": { max: "enforce", require: [] },
      "unused-credential": { max: "approve", require: [] },
    },
    protected: { ...shipped.protected, never: [named.protected] },
    retire: retirePolicy,
  };
}

export interface Engine {
  readonly world: World;
  readonly process: Process;
  /** `identity playbook` of whatever people said yes to: it counts for no cap */
  readonly approved: Set<string>;
  /** straight from the memory of the stores, as it is looked at for everybody each day */
  retirementOf(ids: Ids): Retirement | null;
}

type Parts = Omit<TenantOptions, "baseUrl" | "getToken">;

/** Graph and Azure, each over HTTP, as in the app. */
async function tenantOf({ twin }: Town, parts: Parts): Promise<Tenant> {
  const graph = await tokenOf(twin);
  const azure = await tokenOf(twin, "https://management.azure.com");
  return routeByVersion(
    createGraphTenant({ ...parts, baseUrl: twin.graphUrl, getToken: async () => graph }),
    createArmTenant({ ...parts, baseUrl: twin.armUrl, getToken: async () => azure }),
  );
}

export async function startEngine(town: Town, world: World): Promise<Engine> {
  const { tenantId } = town.twin;
  world.policy = policyOf(tenantId);
  const { services: doubles } = startProcess(world);
  const { clock, logger } = doubles;
  const parts = { clock, logger, lanes, random: () => 0.5, requestTimeoutMs: 15_000 };
  const services = { ...doubles, tenant: await tenantOf(town, parts) };
  const process = { services, writer: createWriter(services), ingest: createIngest(services) };
  return {
    world,
    process,
    approved: new Set(),
    retirementOf({ appId }) {
      const row = world.data.identities.get(identityKey(tenantId, appId))?.get(rowKey.retirement);
      return row === undefined ? null : Retirement.parse(JSON.parse(row.json));
    },
  };
}
