/** What a twin can be told at its creation, and what may be changed while it runs. */
import { runtimePermissions } from "./permissions.ts";
import type { Hub, LogCategory, LogRecord } from "./types.ts";

/** The documented token buckets (Graph throttling limits). */
export type Bucket =
  | "resourceUnits"
  | "writes"
  | "identityProtection"
  | "reports"
  | "keyCredentials"
  | "azureReads"
  | "azureWrites";
/** off: not counted; full: a quiet tenant; empty: the burst is spent, only the refill counts. */
export type BucketStart = "off" | "full" | "empty";

/** What the tenant has bought; what it has not is refused as the service refuses it. */
export interface Licences {
  /** Microsoft Entra ID P2: role schedules and eligible roles */
  readonly privilegedIdentityManagement: boolean;
  /** Workload Identities Premium: Conditional Access for workload identities */
  readonly workloadIdentities: boolean;
}

export interface TwinOptions {
  /** GUID of the tenant; by default one made from the seed's default */
  readonly tenantId?: string;
  readonly seed?: string;
  /** epoch ms; by default the real clock */
  readonly now?: () => number;
  /** where the twin's log records go, as Entra's diagnostic settings would send them */
  readonly onRecord?: (hub: Hub, record: LogRecord) => void;
  /** how long every Graph call takes */
  readonly latencyMs?: number;
  /** reads see the directory as it was this long ago */
  readonly replicationLagMs?: number;
  readonly quotas?: BucketStart | Partial<Record<Bucket, BucketStart>>;
  /** S below 50 users, M to 500, L above: decides the resource units */
  readonly tenantSize?: "S" | "M" | "L";
  readonly logDelayMs?: Partial<Record<LogCategory, number>>;
  /** how long until `auditLogs/directoryAudits` shows a record */
  readonly directoryAuditsDelayMs?: number;
  /** the reports on last use are this old; by default a day, as Microsoft says they may be */
  readonly reportLagMs?: number;
  /** which of the two risk records leaves first */
  readonly riskOrder?: "detection-first" | "risky-first";
  /** what a PATCH of a managed identity's service principal does; Graph answers 403 as far as is known */
  readonly managedIdentityPatch?: "forbid" | "allow" | "no-effect";
  /** application permissions of our runtime identity; by default all that `permissions.ts` lists */
  readonly runtimeRoles?: readonly string[];
  /** taken off the default list of permissions */
  readonly withoutRoles?: readonly string[];
  /** by default all */
  readonly licences?: Partial<Licences>;
  readonly tokenLifetimeSeconds?: number;
  /** port of the Graph endpoint and of the identity endpoint; 0 takes a free one */
  readonly port?: number;
  readonly identityPort?: number;
}

/** The part that may be changed while the twin runs: `twin.settings.latencyMs = 30`. */
export interface Settings {
  readonly tenantId: string;
  readonly seed: string;
  readonly tenantSize: "S" | "M" | "L";
  runtimeRoles: readonly string[];
  readonly quotas: Record<Bucket, BucketStart>;
  readonly licences: Licences;
  readonly logDelayMs: Record<LogCategory, number>;
  latencyMs: number;
  replicationLagMs: number;
  directoryAuditsDelayMs: number;
  reportLagMs: number;
  riskOrder: "detection-first" | "risky-first";
  managedIdentityPatch: "forbid" | "allow" | "no-effect";
  tokenLifetimeSeconds: number;
}

function quotasOf(given: TwinOptions["quotas"]): Record<Bucket, BucketStart> {
  const all = typeof given === "string" ? given : "full";
  const some = typeof given === "object" ? given : {};
  const azure = { azureReads: all, azureWrites: all };
  const graph = { resourceUnits: all, writes: all, identityProtection: all, reports: all, keyCredentials: all };
  return { ...graph, ...azure, ...some };
}

export function resolveSettings(options: TwinOptions): Settings {
  return {
    tenantId: options.tenantId ?? "7e4a41a1-6f0c-4c55-9d0e-2f6f3f7f5a10",
    seed: options.seed ?? "tenant",
    tenantSize: options.tenantSize ?? "S",
    runtimeRoles: options.runtimeRoles ?? runtimePermissions.filter((one) => !options.withoutRoles?.includes(one)),
    quotas: quotasOf(options.quotas),
    licences: { privilegedIdentityManagement: true, workloadIdentities: true, ...options.licences },
    logDelayMs: {
      AuditLogs: 0,
      RiskyServicePrincipals: 0,
      ServicePrincipalRiskEvents: 0,
      RiskyAgents: 0,
      AgentRiskEvents: 0,
      ServicePrincipalSignInLogs: 0,
      ManagedIdentitySignInLogs: 0,
      ...options.logDelayMs,
    },
    latencyMs: options.latencyMs ?? 0,
    replicationLagMs: options.replicationLagMs ?? 0,
    directoryAuditsDelayMs: options.directoryAuditsDelayMs ?? 0,
    reportLagMs: options.reportLagMs ?? 86_400_000,
    riskOrder: options.riskOrder ?? "detection-first",
    managedIdentityPatch: options.managedIdentityPatch ?? "forbid",
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 86_400,
  };
}
