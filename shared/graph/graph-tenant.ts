/** The tenant, by Microsoft Graph. */
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { Tenant } from "../ports/tenant.ts";
import type { GetToken } from "./auth.ts";
import { createLanes, type LaneRates } from "./lanes.ts";
import { readPages } from "./pages.ts";
import { readAll } from "./read.ts";
import { laneCost } from "./resource-units.ts";
import type { RetryParts } from "./retry.ts";
import { createTransport } from "./transport.ts";
import { createWhoAmI } from "./who-am-i.ts";

export interface TenantOptions {
  /** origin of the service, without a version: `https://graph.microsoft.com` (national clouds differ) */
  readonly baseUrl: string;
  readonly getToken: GetToken;
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive; spreads retries */
  readonly random: () => number;
  readonly logger: Logger;
  /** see `RetryParts` */
  readonly answered?: NonNullable<RetryParts["answered"]>;
  /** replaces the documented rate of a lane (a larger tenant has more; a benchmark lifts them) */
  readonly lanes?: Partial<LaneRates>;
  /** one HTTP request is aborted after this */
  readonly requestTimeoutMs: number;
  /** `pages`, and a read of all pages, end with a failure after this many */
  readonly pageCap?: number;
}

export function createGraphTenant(options: TenantOptions): Tenant {
  const { baseUrl, clock, getToken, logger } = options;
  const parts = { ...options, lanes: createLanes(clock, options.lanes) };
  const transport = createTransport(parts);
  return {
    read: (requests, call) => readAll(requests, call, transport, parts),
    send: (request, call) =>
      transport({ request, options: call, lane: request.lane, costs: [laneCost(request)], repeatable: false }),
    pages: (request, call) => readPages(request, call, transport, baseUrl, options.pageCap),
    whoAmI: createWhoAmI(getToken, clock, logger),
  };
}
