/** The state that every part of the twin shares, made once per twin. */
import { type AzureDirectory, createAzureDirectory } from "../azure/azure-directory.ts";
import { type Collection, createCollection, type Gate } from "./collection.ts";
import type { ConditionalAccessPolicy } from "./conditional-access-policy.ts";
import { createDescription, type Description } from "./description.ts";
import { createFaults, type Faults } from "./faults.ts";
import type * as f from "./foothold-types.ts";
import { createJournal, type Journal } from "./journal.ts";
import { createLogStream, type LogStream } from "./log-stream.ts";
import type { NamedLocation } from "./named-location.ts";
import type { Settings, TwinOptions } from "./options.ts";
import { resolveSettings } from "./options.ts";
import { createQuotas, type Quotas } from "./quotas.ts";
import { createRandom, type Random } from "./random.ts";
import { type CredentialAbout, createReportWeather, type ReportWeather } from "./report-weather.ts";
import { createRoleDirectory, type RoleDirectory } from "./role-store.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import type * as t from "./types.ts";
import { createUseBook, type UseBook } from "./use-book.ts";

export interface Directory {
  readonly servicePrincipals: Collection<t.ServicePrincipal>;
  readonly applications: Collection<t.Application>;
  readonly deleted: Collection<t.ServicePrincipal | t.Application>;
  readonly assignments: Collection<t.AppRoleAssignment>;
  readonly grants: Collection<t.PermissionGrant>;
  readonly ownerships: Collection<t.Ownership>;
  readonly riskyServicePrincipals: Collection<t.RiskyServicePrincipal>;
  readonly detections: Collection<t.RiskDetection>;
  readonly federatedCredentials: Collection<f.FederatedCredential>;
  readonly groups: Collection<f.Group>;
  readonly memberships: Collection<f.Membership>;
  readonly users: Collection<f.User>;
  readonly riskyAgents: Collection<f.RiskyAgent>;
  readonly agentDetections: Collection<f.AgentRiskDetection>;
  readonly roles: RoleDirectory;
  readonly conditionalAccess: Collection<ConditionalAccessPolicy>;
  readonly namedLocations: Collection<NamedLocation>;
  readonly audits: Collection<{ readonly id: string; readonly [key: string]: unknown }>;
  /** beta only: application object id → onPremisesPublishing */
  readonly publishing: Map<string, unknown>;
  /** appId → object id; never changes for an object */
  readonly servicePrincipalByAppId: Map<string, string>;
  readonly applicationByAppId: Map<string, string>;
  /** appId → an application of another tenant that could be instantiated here */
  readonly foreignApplications: Map<string, f.ForeignApplication>;
  /** keyId → secret value, as only Entra itself knows it */
  readonly secrets: Map<string, string>;
}

export interface World {
  readonly settings: Settings;
  readonly gate: Gate;
  readonly random: Random;
  readonly directory: Directory;
  readonly azure: AzureDirectory;
  /** by appId, and by credential */
  readonly use: { readonly identities: UseBook<null>; readonly credentials: UseBook<CredentialAbout> };
  readonly reports: ReportWeather;
  readonly description: Description;
  readonly journal: Journal;
  readonly logs: LogStream;
  readonly quotas: Quotas;
  readonly faults: Faults;
  readonly tokens: Tokens;
  /** who we are: the identity whose tokens the managed identity endpoint hands out */
  runtime: t.Actor & { readonly kind: "app" };
  now(): number;
}

function createDirectory(gate: Gate, auditGate: Gate): Directory {
  return {
    servicePrincipals: createCollection(gate),
    applications: createCollection(gate),
    deleted: createCollection(gate),
    assignments: createCollection(gate, (one) => [one.principalId, one.resourceId]),
    grants: createCollection(gate, (one) => [one.clientId, one.resourceId]),
    ownerships: createCollection(gate, (one) => [one.ownedId, one.object.id]),
    riskyServicePrincipals: createCollection(gate),
    detections: createCollection(gate),
    federatedCredentials: createCollection(gate, (one) => [one.applicationId]),
    groups: createCollection(gate),
    memberships: createCollection(gate, (one) => [one.memberId, one.groupId]),
    users: createCollection(gate),
    riskyAgents: createCollection(gate),
    agentDetections: createCollection(gate),
    roles: createRoleDirectory(gate),
    conditionalAccess: createCollection(gate),
    namedLocations: createCollection(gate),
    audits: createCollection(auditGate),
    publishing: new Map(),
    servicePrincipalByAppId: new Map(),
    applicationByAppId: new Map(),
    foreignApplications: new Map(),
    secrets: new Map(),
  };
}

export function createWorld(options: TwinOptions): World {
  const settings = resolveSettings(options);
  const now = options.now ?? Date.now;
  const random = createRandom(settings.seed);
  const gate: Gate = { suspended: false, revision: 0, now, lagMs: () => settings.replicationLagMs };
  const auditGate: Gate = { suspended: false, revision: 0, now, lagMs: () => settings.directoryAuditsDelayMs };
  return {
    settings,
    gate,
    random,
    now,
    directory: createDirectory(gate, auditGate),
    azure: createAzureDirectory(gate, createRandom(`${settings.seed}/azure`)),
    use: { identities: createUseBook(), credentials: createUseBook() },
    reports: createReportWeather(),
    description: createDescription(),
    journal: createJournal(),
    logs: createLogStream({ settings, onRecord: options.onRecord ?? (() => undefined) }),
    quotas: createQuotas(settings, now),
    faults: createFaults(now, createRandom(`${settings.seed}/faults`)),
    tokens: createTokens(now),
    runtime: { kind: "app", servicePrincipalId: "", appId: "", displayName: "" },
  };
}
