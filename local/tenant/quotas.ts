/** The throttling of Microsoft Graph as token buckets with the documented rates. */
import type { Bucket, Settings } from "./options.ts";
import type { Lane } from "./types.ts";

export interface Charge {
  readonly bucket: Bucket;
  readonly cost: number;
}

export interface Throttled {
  readonly bucket: Bucket;
  /** null where the service sends no Retry-After (identity protection, Conditional Access) */
  readonly retryAfterSeconds: number | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Quotas {
  /** Takes all charges, or none: then says which bucket was empty. */
  take(appId: string, charges: readonly Charge[]): Throttled | null;
  /** How full the resource-unit bucket is used, 0 to 1: Graph tells it from 0.8 on. */
  usage(appId: string): number;
  /** As if the twin had been created just now: every bucket at its start again. */
  restart(): void;
}

interface Rule {
  readonly capacity: number;
  readonly perMs: number;
  readonly scope: "app" | "tenant";
  readonly retryAfter: boolean;
  /** x-ms-throttle-information */
  readonly information: string;
}

const resourceUnits = { S: 3500, M: 5000, L: 8000 } as const;

function rules(size: "S" | "M" | "L"): Readonly<Record<Bucket, Rule>> {
  const rule = (capacity: number, seconds: number, rest: Omit<Rule, "capacity" | "perMs">): Rule => ({
    capacity,
    perMs: capacity / (seconds * 1000),
    ...rest,
  });
  const app = { scope: "app", retryAfter: true } as const;
  const tenant = { scope: "tenant", retryAfter: true } as const;
  return {
    resourceUnits: rule(resourceUnits[size], 10, { ...app, information: "ResourceUnitLimitExceeded" }),
    writes: rule(3000, 150, { ...app, information: "WriteLimitExceeded" }),
    identityProtection: rule(1, 1, { scope: "tenant", retryAfter: false, information: "" }),
    reports: rule(5, 10, { ...app, information: "CPULimitExceeded" }),
    keyCredentials: rule(150, 60, { ...tenant, information: "CPULimitExceeded" }),
    // Azure Resource Manager, per subscription and principal; the twin counts all subscriptions as one.
    azureReads: rule(250, 10, { ...app, information: "" }),
    azureWrites: rule(200, 20, { ...app, information: "" }),
  };
}

export function createQuotas(settings: Settings, now: () => number): Quotas {
  const table = rules(settings.tenantSize);
  let startedAt = now();
  const levels = new Map<string, { tokens: number; at: number }>();

  function level(bucket: Bucket, appId: string): { tokens: number; at: number } {
    const rule = table[bucket];
    const key = rule.scope === "app" ? `${bucket} ${appId}` : bucket;
    const start = { tokens: settings.quotas[bucket] === "empty" ? 0 : rule.capacity, at: startedAt };
    const found = levels.get(key) ?? start;
    const at = now();
    const filled = { tokens: Math.min(rule.capacity, found.tokens + Math.max(0, at - found.at) * rule.perMs), at };
    levels.set(key, filled);
    return filled;
  }
  function refuse(bucket: Bucket, appId: string, missing: number): Throttled {
    const rule = table[bucket];
    const seconds = Math.max(1, Math.ceil(missing / rule.perMs / 1000));
    if (!rule.retryAfter) return { bucket, retryAfterSeconds: null, headers: {} };
    const scope = rule.scope === "app" ? "Application_Tenant" : "Tenant";
    const kind = bucket === "writes" ? "Write" : "ReadWrite";
    return {
      bucket,
      retryAfterSeconds: seconds,
      headers: {
        "Retry-After": String(seconds),
        "x-ms-throttle-scope": `${scope}/${kind}/${appId}/${settings.tenantId}`,
        "x-ms-throttle-information": rule.information,
      },
    };
  }
  return {
    take(appId, charges) {
      const counted = charges.filter((charge) => settings.quotas[charge.bucket] !== "off");
      for (const charge of counted) {
        const missing = charge.cost - level(charge.bucket, appId).tokens;
        if (missing > 1e-6) return refuse(charge.bucket, appId, missing);
      }
      for (const charge of counted) level(charge.bucket, appId).tokens -= charge.cost;
      return null;
    },
    usage(appId) {
      if (settings.quotas.resourceUnits === "off") return 0;
      return 1 - level("resourceUnits", appId).tokens / table.resourceUnits.capacity;
    },
    restart() {
      levels.clear();
      startedAt = now();
    },
  };
}

/** Resource units of one request: base cost of the path, then $select −1, $expand +1, $top<20 −1, at least 1. */
export function resourceUnitsOf(method: string, path: string, query: URLSearchParams): number {
  if (method !== "GET") return 1;
  const twice = /^\/applications$|\/oauth2PermissionGrants(\/[^/]+)?$|\/appRoleAssignments$/i.test(path);
  const top = query.get("$top");
  const small = top !== null && Number(top) < 20;
  const units = (twice ? 2 : 1) - (query.has("$select") ? 1 : 0) + (query.has("$expand") ? 1 : 0) - (small ? 1 : 0);
  return Math.max(1, units);
}

/** The lane a request is counted in, from its path, method and `$select`. */
export function laneOf(method: string, path: string, query: URLSearchParams): Lane {
  if (/^\/identityProtection\/|^\/identity\//i.test(path)) return "identity-protection";
  if (/^\/auditLogs\/|^\/reports\//i.test(path)) return "reports";
  if (method !== "GET") return "directory-write";
  const selected = (query.get("$select") ?? "").toLowerCase().split(",");
  return selected.some((name) => name.trim() === "keycredentials") ? "key-credentials" : "directory";
}

/** What one request costs. */
export function chargesOf(lane: Lane, units: number): Charge[] {
  if (lane === "identity-protection") return [{ bucket: "identityProtection", cost: 1 }];
  if (lane === "reports") return [{ bucket: "reports", cost: 1 }];
  const base: Charge = { bucket: "resourceUnits", cost: units };
  if (lane === "directory-write") return [base, { bucket: "writes", cost: 1 }];
  return lane === "key-credentials" ? [base, { bucket: "keyCredentials", cost: 1 }] : [base];
}
