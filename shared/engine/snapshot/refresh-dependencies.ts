/**
 * The dependency cache: who uses what, read before anything is suspected. Once at first start, then nightly, at low priority
 * and with the reports' own lane; beta answers are parsed loosely, and what is missing stays unknown.
 */
import { z } from "zod";
import { Guid } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import type { DependencyReading } from "../../ports/stores.ts";
import type { ApiRequest } from "../../ports/tenant.ts";
import { usesByScan } from "../unused/scan/uses-by-scan.ts";
import { isMicrosoftTenant } from "./identity-kind.ts";
import { readAppProxies } from "./read-app-proxies.ts";

const leaseName = "refresh-dependencies";
const leaseMs = 30 * 60_000;
/** For all pages of all lists: a timer's work has to end well within `functionTimeout` (5 min). */
const listsTimeoutMs = 150_000;
/** From the beginning, for the lists and what is read of each application after them. */
const proxiesTimeoutMs = 210_000;

const Principal = z.object({
  id: Guid,
  appId: Guid.nullish(),
  accountEnabled: z.boolean().nullish(),
  appOwnerOrganizationId: z.string().nullish(),
});
const HomeApplication = z.object({ id: Guid, appId: Guid, createdDateTime: z.string().nullish() });
const Activity = z.looseObject({ lastSignInDateTime: z.string().nullish() }).nullish();
const SignInActivities = z.object({
  appId: Guid,
  lastSignInActivity: Activity,
  delegatedClientSignInActivity: Activity,
  delegatedResourceSignInActivity: Activity,
  applicationAuthenticationClientSignInActivity: Activity,
  applicationAuthenticationResourceSignInActivity: Activity,
});

export interface Refreshed {
  readonly identities: number;
  /** parts that could not be read, and are unknown now */
  readonly missing: readonly string[];
}

/** Null: another instance is at it, or the service principals could not be read; the old readings stay. */
export async function refreshDependencies(services: Services): Promise<Refreshed | null> {
  const { clock, instance, logger, stores, policy } = services;
  const startedAt = clock.now();
  const deadlineAt = startedAt + listsTimeoutMs;
  if (!(await stores.leases.acquire(leaseName, instance, startedAt, startedAt + leaseMs))) return null;
  try {
    const principals = await readPages(
      services,
      Principal,
      list("/servicePrincipals?$select=id,appId,accountEnabled,appOwnerOrganizationId&$top=999"),
      deadlineAt,
    );
    if (principals === null) {
      logger.warn("The dependency cache was not refreshed: the service principals could not be read");
      return null;
    }
    const applications = await readPages(
      services,
      HomeApplication,
      list("/applications?$select=id,appId,createdDateTime&$top=999"),
      deadlineAt,
    );
    const reports = {
      ...list("/reports/servicePrincipalSignInActivities?$top=999"),
      version: "beta",
      lane: "reports",
    } as const;
    const activities = await readPages(services, SignInActivities, reports, deadlineAt);
    // a big tenant's report takes longer than a timer may: the scan reads the same one, over as many runs as it takes
    const used = activities === null ? await usesByScan(services) : lastUses(activities);
    const proxies = await readAppProxies(services, applications ?? [], startedAt + proxiesTimeoutMs);
    const readings = combine({ startedAt, principals, applications, used, proxies });
    await stores.dependencies.put(policy.tenantId, readings);
    const enabled = principals.filter(
      (one) => one.accountEnabled === true && !isMicrosoftTenant(one.appOwnerOrganizationId),
    );
    await stores.dependencies.putSummary(policy.tenantId, {
      readAt: startedAt,
      enabledServicePrincipals: enabled.length,
    });
    const missing = [
      ...(applications === null ? ["applications"] : []),
      ...(used === null ? ["sign-in activities"] : []),
      ...(proxies.size < (applications?.length ?? 0) ? ["application proxies"] : []),
    ];
    const told = { identities: readings.size, missing: missing.join(", "), proxies: proxies.size };
    if (missing.length === 0) logger.info("The dependency cache was refreshed", told);
    else logger.warn("The dependency cache was refreshed in part: what is missing counts as not known", told);
    return { identities: readings.size, missing };
  } finally {
    await stores.leases.release(leaseName, instance);
  }
}

function list(path: string): ApiRequest {
  return { method: "GET", version: "v1.0", path, lane: "directory" };
}

/** Null when a page could not be read: half a list would make the rest look unused. */
async function readPages<T extends z.ZodType>(
  services: Services,
  Shape: T,
  request: ApiRequest,
  deadlineAt: number,
): Promise<z.output<T>[] | null> {
  const found: z.output<T>[] = [];
  for await (const answer of services.tenant.pages(request, { deadlineAt, priority: "low" })) {
    if (!answer.ok) return null;
    const page = z.object({ value: z.array(z.unknown()) }).safeParse(answer.body);
    if (!page.success) return null;
    for (const item of page.data.value) {
      const parsed = Shape.safeParse(item);
      if (parsed.success) found.push(parsed.data);
    }
  }
  return found;
}

interface Sources {
  readonly startedAt: number;
  readonly principals: readonly z.output<typeof Principal>[];
  readonly applications: readonly z.output<typeof HomeApplication>[] | null;
  /** epoch ms by appId; null: the last use cannot be read */
  readonly used: ReadonlyMap<string, number | null> | null;
  readonly proxies: ReadonlyMap<string, boolean>;
}

function combine({
  startedAt,
  principals,
  applications,
  used,
  proxies,
}: Sources): ReadonlyMap<string, DependencyReading> {
  const created = new Map((applications ?? []).map((app) => [app.appId, Date.parse(app.createdDateTime ?? "")]));
  const readings = new Map<string, DependencyReading>();
  for (const { appId } of principals) {
    if (!appId) continue;
    const createdAt = created.get(appId);
    readings.set(appId, {
      readAt: startedAt,
      lastUsedAt: used?.get(appId) ?? null,
      // an application proxy is configured on a home application: no home application, no proxy
      appProxy: applications !== null && !created.has(appId) ? false : (proxies.get(appId) ?? null),
      createdAt: createdAt !== undefined && Number.isFinite(createdAt) ? createdAt : null,
    });
  }
  return readings;
}

function lastUses(rows: readonly z.output<typeof SignInActivities>[]): ReadonlyMap<string, number | null> {
  return new Map(rows.map((row) => [row.appId, lastUse(row)]));
}

/** The latest of all five activities: an API may never sign in as a client. Null: no date that can be read. */
function lastUse({ appId: _appId, ...activities }: z.output<typeof SignInActivities>): number | null {
  const said = Object.values(activities).flatMap((activity) => activity?.lastSignInDateTime ?? []);
  const times = said.map((time) => Date.parse(time));
  // one that cannot be read (offsets like -8:00 occur) may be the latest: then the latest is unknown
  return times.length === 0 || times.some((time) => !Number.isFinite(time)) ? null : Math.max(...times);
}
