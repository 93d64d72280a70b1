/** The tenant twin: one call makes a tenant with its Graph endpoint and its managed identity endpoint. */
import { startArmServer } from "../azure/arm-server.ts";
import { addSubscription, type SubscriptionSeed } from "../azure/azure-builders.ts";
import type { AzureRoleAssignment, IdentityFederatedCredential } from "../azure/azure-directory.ts";
import * as builders from "./builders.ts";
import type { ConditionalAccessPolicy } from "./conditional-access-policy.ts";
import type { Faults } from "./faults.ts";
import type { FederatedCredential } from "./foothold-types.ts";
import { createHands, type Hands, rotateManagedIdentityCertificate } from "./hands.ts";
import { countRequests, type RequestEntry, type Violation, type WriteEntry } from "./journal.ts";
import { createIdentityServer } from "./managed-identity-endpoint.ts";
import type { Settings, TwinOptions } from "./options.ts";
import { type RiskRaise, raiseRisk } from "./risk.ts";
import type { RoleHolding } from "./role-store.ts";
import { closeServer, listenOn, startGraphServer } from "./server.ts";
import { requestToken, type TokenAnswer, type TokenRequest } from "./sign-ins.ts";
import type {
  Actor,
  Application,
  AppRoleAssignment,
  Lane,
  Ownership,
  PermissionGrant,
  RiskDetection,
  RiskyServicePrincipal,
  ServicePrincipal,
} from "./types.ts";
import { createWorld, type World } from "./world.ts";

/** What judges look at: the tenant as it is, not as lagging reads show it. */
export interface TwinState {
  servicePrincipal(idOrAppId: string): ServicePrincipal | undefined;
  application(idOrAppId: string): Application | undefined;
  riskyServicePrincipal(id: string): RiskyServicePrincipal | undefined;
  detections(servicePrincipalId: string): readonly RiskDetection[];
  /** held by it */
  assignmentsOf(servicePrincipalId: string): readonly AppRoleAssignment[];
  grantsOf(servicePrincipalId: string): readonly PermissionGrant[];
  /** of an application or a service principal, by its own object id */
  ownersOf(objectId: string): readonly Ownership[];
  /** ids of the groups it is a member of itself */
  groupsOf(principalId: string): readonly string[];
  federatedCredentialsOf(applicationId: string): readonly FederatedCredential[];
  /** active, eligible and for later, of this principal itself */
  rolesOf(principalId: string): readonly RoleHolding[];
  azureRolesOf(principalId: string): readonly AzureRoleAssignment[];
  /** of a user-assigned managed identity */
  identityFederatedCredentials(resourceId: string): readonly IdentityFederatedCredential[];
  policies(): readonly ConditionalAccessPolicy[];
  /** every change request in order, whoever sent it and whatever came of it */
  readonly writes: readonly WriteEntry[];
  /** change requests under our runtime identity */
  ourWrites(): readonly WriteEntry[];
}

export interface TwinRequests {
  readonly log: readonly RequestEntry[];
  /** how many requests, by lane, status (0: connection dropped) and method */
  count(filter?: { readonly lane?: Lane; readonly status?: number; readonly method?: string }): number;
}

export interface Twin {
  readonly tenantId: string;
  /** `http://127.0.0.1:port`, without version */
  readonly graphUrl: string;
  /** Azure Resource Manager, `http://127.0.0.1:port` */
  readonly armUrl: string;
  /** the subscription in which everything lies that names no other */
  readonly subscriptionId: string;
  /** for `IDENTITY_ENDPOINT` and `IDENTITY_HEADER` */
  readonly identityEndpoint: string;
  readonly identityHeader: string;
  /** who the managed identity endpoint's tokens say we are */
  readonly runtimeIdentity: builders.BuiltIdentity;
  /** the service principal of Microsoft Graph */
  readonly microsoftGraph: builders.BuiltIdentity;
  readonly state: TwinState;
  readonly requests: TwinRequests;
  /** what the OpenAPI description does not allow; tests and stories assert that it is empty */
  readonly violations: readonly Violation[];
  readonly faults: Faults;
  /** latency, lag and log delays may be changed while the twin runs */
  readonly settings: Settings;
  addApplication(seed?: builders.ApplicationSeed): builders.BuiltApplication;
  addForeign(seed?: Parameters<typeof builders.addForeign>[1]): builders.BuiltIdentity;
  /** @returns its id */
  addSubscription(seed?: SubscriptionSeed): string;
  addManagedIdentity(seed?: Parameters<typeof builders.addManagedIdentity>[1]): builders.BuiltIdentity;
  addFirstParty(seed?: Parameters<typeof builders.addFirstParty>[1]): builders.BuiltIdentity;
  /** changes by somebody else, with their audit records */
  as(actor: Actor): Hands;
  requestToken(request: TokenRequest): TokenAnswer;
  raiseRisk(raise: RiskRaise): RiskDetection;
  /** the platform's own benign rotation, as the audit log shows it */
  rotateManagedIdentityCertificate(servicePrincipalId: string): void;
  /** every quota bucket as it was at the twin's creation */
  restartQuotas(): void;
  /** every token issued so far is expired from now on */
  expireTokens(): void;
  /** the Graph endpoint is out of reach for a while: connections cut, or nobody listening */
  outage(forMs: number, kind?: "reset" | "refused"): Promise<void>;
  stop(): Promise<void>;
}

function stateOf(world: World): TwinState {
  const { directory, journal } = world;
  const principalId = (key: string): string =>
    directory.servicePrincipalByAppId.get(key.toLowerCase()) ?? key.toLowerCase();
  const applicationId = (key: string): string =>
    directory.applicationByAppId.get(key.toLowerCase()) ?? key.toLowerCase();
  return {
    servicePrincipal: (key) => directory.servicePrincipals.latest(principalId(key)),
    application: (key) => directory.applications.latest(applicationId(key)),
    riskyServicePrincipal: (id) => directory.riskyServicePrincipals.latest(id),
    detections: (id) => directory.detections.where((one) => one.servicePrincipalId === id),
    assignmentsOf: (id) => directory.assignments.where((one) => one.principalId === id),
    grantsOf: (id) => directory.grants.present((one) => one.clientId === id, id),
    ownersOf: (id) => directory.ownerships.present((one) => one.ownedId === id, id),
    groupsOf: (id) => directory.memberships.present((one) => one.memberId === id, id).map((one) => one.groupId),
    federatedCredentialsOf: (id) => directory.federatedCredentials.present((one) => one.applicationId === id, id),
    rolesOf: (id) => directory.roles.holdings.present((one) => one.principalId === id),
    azureRolesOf: (id) => world.azure.assignments.present((one) => one.principalId === id),
    identityFederatedCredentials: (id) =>
      world.azure.federatedCredentials.present((one) => one.identityId === id.toLowerCase()),
    policies: () => directory.conditionalAccess.present(() => true),
    writes: journal.writes,
    ourWrites: () => journal.writes.filter((entry) => entry.ours),
  };
}

/** @returns a running twin; `stop()` it */
export async function createTenantTwin(options: TwinOptions = {}): Promise<Twin> {
  const world = createWorld(options);
  const microsoftGraph = builders.addFirstParty(world, { appId: builders.graphAppId, displayName: "Microsoft Graph" });
  const runtimeIdentity = builders.addManagedIdentity(world, { displayName: "tourniquet" });
  world.runtime = {
    kind: "app",
    servicePrincipalId: runtimeIdentity.id,
    appId: runtimeIdentity.appId,
    displayName: "tourniquet",
  };
  const identityHeader = world.random.guid();
  const graph = await startGraphServer(world, options.port ?? 0);
  const arm = await startArmServer(world, 0);
  const identityServer = createIdentityServer(world, identityHeader);
  const identityPort = await listenOn(identityServer, options.identityPort ?? 0);
  return {
    tenantId: world.settings.tenantId,
    graphUrl: graph.url,
    armUrl: arm.url,
    subscriptionId: world.azure.home,
    identityEndpoint: `http://127.0.0.1:${identityPort}/msi/token`,
    identityHeader,
    runtimeIdentity,
    microsoftGraph,
    state: stateOf(world),
    requests: { log: world.journal.requests, count: (filter) => countRequests(world.journal, filter) },
    violations: world.journal.violations,
    faults: world.faults,
    settings: world.settings,
    addApplication: (seed) => builders.addApplication(world, seed),
    addForeign: (seed) => builders.addForeign(world, seed),
    addSubscription: (seed) => addSubscription(world, seed),
    addManagedIdentity: (seed) => builders.addManagedIdentity(world, seed),
    addFirstParty: (seed) => builders.addFirstParty(world, seed),
    as: (actor) => createHands(world, actor),
    requestToken: (request) => requestToken(world, request),
    raiseRisk: (raise) => raiseRisk(world, raise),
    rotateManagedIdentityCertificate: (id) => rotateManagedIdentityCertificate(world, id),
    restartQuotas: () => world.quotas.restart(),
    expireTokens: () => world.tokens.expireAll(),
    outage: (forMs, kind = "reset") => graph.outage(forMs, kind),
    async stop() {
      world.logs.stop();
      await Promise.all([graph.stop(), arm.stop(), closeServer(identityServer)]);
    },
  };
}
