/** Azure, by Resource Manager: no `$batch` worth having, so reads go side by side. */
import pLimit from "p-limit";
import type { CallOptions, Tenant } from "../ports/tenant.ts";
import { completed } from "./all-pages.ts";
import { createArmTransport } from "./arm-transport.ts";
import type { TenantOptions } from "./graph-tenant.ts";
import { createLanes } from "./lanes.ts";
import { readPages } from "./pages.ts";
import { readOne, tellOnce } from "./read-one.ts";

/** Connections at a time; the lane decides how many requests a second. */
const sideBySide = 8;

/** What is asked of Resource Manager; who we are is Graph's to say. */
export type ArmTenant = Omit<Tenant, "whoAmI">;

/** `baseUrl`: origin of Resource Manager, `https://management.azure.com` (national clouds differ). */
export function createArmTenant(options: TenantOptions): ArmTenant {
  const { baseUrl, clock } = options;
  const transport = createArmTransport({ ...options, lanes: createLanes(clock, options.lanes) });
  const collector = { ...options, transport };
  const limit = pLimit(sideBySide);
  return {
    read(requests, call) {
      const told = tellOnce(call);
      const one = async (request: (typeof requests)[number], each: CallOptions) =>
        completed(request, await readOne(request, each, transport), each, collector);
      return Promise.all(requests.map((request) => limit(one, request, told)));
    },
    send: (request, call) => transport({ request, options: call, lane: request.lane, costs: [1], repeatable: false }),
    pages: (request, call) => readPages(request, call, transport, baseUrl, options.pageCap),
  };
}
