/** The tenant twin: one call makes a tenant with its Graph endpoint and its managed identity endpoint. */
import { startArmServer } from "../azure/arm-server.ts";
import { type KeyVaultDouble, startKeyVault } from "../azure/key-vault.ts";
import { type AgentRiskRaise, raiseAgentRisk } from "./agent-risk.ts";
import * as builders from "./builders.ts";
import type { Faults } from "./faults.ts";
import type { AgentRiskDetection } from "./foothold-types.ts";
import { createHands, type Hands, rotateManagedIdentityCertificate } from "./hands.ts";
import { countRequests, type RequestEntry, type Violation } from "./journal.ts";
import { createIdentityServer } from "./managed-identity-endpoint.ts";
import { type UsersRequest, useForUsers } from "./note-use.ts";
import type { Settings, TwinOptions } from "./options.ts";
import type { ReportWeather } from "./report-weather.ts";
import { type RiskRaise, raiseRisk } from "./risk.ts";
import { closeServer, listenOn, startGraphServer } from "./server.ts";
import { requestToken, type TokenAnswer } from "./sign-ins.ts";
import type { TokenRequest } from "./token-request.ts";
import { createBuilders, type TwinBuilders } from "./twin-builders.ts";
import { stateOf, type TwinState } from "./twin-state.ts";
import type { Actor, Lane, RiskDetection } from "./types.ts";
import { createWorld } from "./world.ts";

export interface TwinRequests {
  readonly log: readonly RequestEntry[];
  /** how many requests, by lane, status (0: connection dropped) and method */
  count(filter?: { readonly lane?: Lane; readonly status?: number; readonly method?: string }): number;
}

export interface Twin extends TwinBuilders {
  readonly tenantId: string;
  /** `http://127.0.0.1:port`, without version */
  readonly graphUrl: string;
  /** Azure Resource Manager, `http://127.0.0.1:port` */
  readonly armUrl: string;
  /** empty until somebody makes a key in it */
  readonly keyVault: Omit<KeyVaultDouble, "stop">;
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
  /** changes by somebody else, with their audit records */
  as(actor: Actor): Hands;
  requestToken(request: TokenRequest): TokenAnswer;
  /** users work with an application, and an API through it; the answer is Entra's error code, 0 where they got in */
  useForUsers(request: UsersRequest): number;
  /** what is wrong with the two reports on last use */
  readonly reports: ReportWeather;
  raiseRisk(raise: RiskRaise): RiskDetection;
  raiseAgentRisk(raise: AgentRiskRaise): AgentRiskDetection;
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
  const keyVault = await startKeyVault(world, 0);
  const identityServer = createIdentityServer(world, identityHeader);
  const identityPort = await listenOn(identityServer, options.identityPort ?? 0);
  return {
    tenantId: world.settings.tenantId,
    graphUrl: graph.url,
    armUrl: arm.url,
    keyVault,
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
    ...createBuilders(world),
    as: (actor) => createHands(world, actor),
    requestToken: (request) => requestToken(world, request),
    useForUsers: (request) => useForUsers(world, request),
    reports: world.reports,
    raiseRisk: (raise) => raiseRisk(world, raise),
    raiseAgentRisk: (raise) => raiseAgentRisk(world, raise),
    rotateManagedIdentityCertificate: (id) => rotateManagedIdentityCertificate(world, id),
    restartQuotas: () => world.quotas.restart(),
    expireTokens: () => world.tokens.expireAll(),
    outage: (forMs, kind = "reset") => graph.outage(forMs, kind),
    async stop() {
      world.logs.stop();
      await Promise.all([graph.stop(), arm.stop(), keyVault.stop(), closeServer(identityServer)]);
    },
  };
}
