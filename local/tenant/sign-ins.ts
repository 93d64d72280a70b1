/** Token requests as workloads (and whoever stole from them) make them, and the sign-in record each leaves behind. */
import { graphAppId } from "./identity-seeds.ts";
import { noteCredentialUse, noteUse } from "./note-use.ts";
import { isOff, type Presented, present, signInErrors } from "./presented-credentials.ts";
import { isoSeven, isoSevenOffset } from "./time.ts";
import type { TokenRequest } from "./token-request.ts";
import type { ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export type TokenAnswer =
  | { readonly ok: true; readonly errorCode: 0; readonly token: string; readonly expiresOn: number }
  | { readonly ok: false; readonly errorCode: number; readonly message: string };

const graphResource = "https://graph.microsoft.com";

interface SignIn extends Presented {
  readonly id: string;
  readonly ip: string;
  readonly asn?: number | undefined;
  readonly country?: string | undefined;
  readonly resource: string;
  readonly managed: boolean;
}

/** The service principal of an API, by its appId or `api://` and its appId; of those that have a URL only Microsoft Graph is known. */
function apiOf({ directory }: World, resource: string): ServicePrincipal | "unknown" | "elsewhere" {
  const bare = resource.replace(/\/$/, "");
  const appId = bare === graphResource ? graphAppId : (/^(?:api:\/\/)?([0-9a-f-]{36})$/i.exec(bare)?.[1] ?? "");
  if (appId === "") return "elsewhere";
  return (
    directory.servicePrincipals.latest(directory.servicePrincipalByAppId.get(appId.toLowerCase()) ?? "") ?? "unknown"
  );
}

/** The resource as sign-in logs name it. */
function resourceOf(
  world: World,
  resource: string,
): { readonly name: string; readonly appId: string; readonly objectId: string } {
  const api = apiOf(world, resource);
  if (typeof api === "string") return { name: resource, appId: "", objectId: "" };
  return { name: api.displayName, appId: api.appId, objectId: api.id };
}

/** The credential is good and it may sign in: is there what it asks a token for? */
function refusedByResource(world: World, resource: string): number {
  const api = apiOf(world, resource);
  if (typeof api === "string") return api === "unknown" ? signInErrors.unknownResource : 0;
  return isOff(world, api) ? signInErrors.disabledResource : 0;
}

/** In the reports: the client, its credential, and the API. */
function note(world: World, own: ServicePrincipal, signIn: SignIn): void {
  const use = { at: world.now(), requestId: signIn.id, refused: signIn.errorCode !== 0, seeded: false };
  noteUse(world, own.appId, "client", use);
  if (use.refused) return;
  noteUse(world, resourceOf(world, signIn.resource).appId, "resource", use);
  if (signIn.keyId !== "") noteCredentialUse(world, own, signIn.keyId, use);
}

/** The application permissions a token for Microsoft Graph carries: what is assigned right now. */
function rolesOn(world: World, own: ServicePrincipal, resource: string): readonly string[] {
  const { assignments, servicePrincipals } = world.directory;
  const api = servicePrincipals.latest(resourceOf(world, resource).objectId);
  const held = assignments.present((one) => one.principalId === own.id && one.resourceId === api?.id, own.id);
  const nameOf = (id: string): string | undefined => api?.appRoles.find((role) => role.id === id)?.value;
  return held.map((one) => nameOf(one.appRoleId)).filter((value) => value !== undefined);
}

function signInProperties(world: World, own: ServicePrincipal, signIn: SignIn, correlationId: string): object {
  const resource = resourceOf(world, signIn.resource);
  const geoCoordinates = { latitude: 0, longitude: 0 };
  const location = { city: "", state: "", countryOrRegion: signIn.country ?? "", geoCoordinates };
  return {
    id: signIn.id,
    createdDateTime: isoSevenOffset(world.now()),
    userId: null,
    appId: own.appId,
    ipAddress: signIn.ip,
    status: { errorCode: signIn.errorCode },
    location,
    ...(signIn.asn === undefined ? {} : { autonomousSystemNumber: signIn.asn }),
    correlationId,
    conditionalAccessStatus: "notApplied",
    appliedConditionalAccessPolicies: [],
    isInteractive: false,
    tokenIssuerType: "AzureAD",
    authenticationProcessingDetails: [],
    processingTimeInMilliseconds: 0,
    riskDetail: "none",
    riskLevelAggregated: "low",
    riskLevelDuringSignIn: "low",
    riskState: "none",
    resourceDisplayName: resource.name,
    resourceId: resource.appId,
    resourceServicePrincipalId: resource.objectId,
    servicePrincipalName: own.displayName,
    servicePrincipalId: own.id,
    flaggedForReview: false,
    isTenantRestricted: false,
    crossTenantAccessType: "none",
    servicePrincipalCredentialKeyId: signIn.keyId,
    servicePrincipalCredentialThumbprint: "",
    clientCredentialType: signIn.managed ? "managedIdentity" : signIn.type,
    federatedCredentialId: signIn.federatedCredentialId ?? "",
    uniqueTokenIdentifier: signIn.errorCode === 0 ? Buffer.from(signIn.id).toString("base64") : "",
    incomingTokenType: "none",
    authenticationProtocol: "none",
    ...(own.agentIdentityBlueprintId === undefined
      ? {}
      : { agent: { agentType: "agenticAppInstance", parentAppId: own.agentIdentityBlueprintId } }),
  };
}

function emitSignIn(world: World, own: ServicePrincipal, signIn: SignIn): void {
  note(world, own, signIn);
  const category = signIn.managed ? "ManagedIdentitySignInLogs" : "ServicePrincipalSignInLogs";
  const correlationId = world.random.guid();
  world.logs.emit(category, {
    time: isoSeven(world.now()),
    resourceId: `/tenants/${world.settings.tenantId}/providers/Microsoft.aadiam`,
    operationName: "Sign-in activity",
    operationVersion: "1.0",
    category,
    tenantId: world.settings.tenantId,
    resultType: String(signIn.errorCode),
    resultSignature: "None",
    durationMs: 0,
    ...(signIn.ip === "" ? {} : { callerIpAddress: signIn.ip }),
    correlationId,
    Level: 4,
    location: signIn.country ?? "",
    properties: signInProperties(world, own, signIn, correlationId),
  });
}

/** In short, as Entra words it. */
function reasonOf(errorCode: number, appId: string): string {
  switch (errorCode) {
    case signInErrors.disabled:
      return `Application '${appId}' is disabled.`;
    case signInErrors.unknownResource:
      return "The resource principal was not found in the tenant.";
    case signInErrors.disabledResource:
      return "The service principal for the resource is disabled.";
    case signInErrors.wrongSecret:
      return "Invalid client secret provided.";
    case signInErrors.expiredSecret:
      return "The provided client secret keys are expired.";
    case signInErrors.blockedByPolicy:
      return "Access has been blocked by Conditional Access policies.";
    case signInErrors.unknownIssuer:
    case signInErrors.unknownAudience:
    case signInErrors.unknownSubject:
      return "No matching federated identity record found for the presented assertion.";
    default:
      return "The credential is not valid.";
  }
}

/** Asks for an app-only token. Secret first, then whether the identity is enabled. Unknown applications leave no record. */
export function requestToken(world: World, request: TokenRequest): TokenAnswer {
  const { servicePrincipals, servicePrincipalByAppId } = world.directory;
  const own = servicePrincipals.latest(servicePrincipalByAppId.get(request.appId.toLowerCase()) ?? "");
  if (!own)
    return {
      ok: false,
      errorCode: signInErrors.unknownApplication,
      message: "AADSTS700016: Application not found in the directory.",
    };
  const resource = request.resource ?? graphResource;
  const presented = present(world, own, request);
  const shown = presented.errorCode === 0 ? { ...presented, errorCode: refusedByResource(world, resource) } : presented;
  const id = world.random.guid();
  const managed = request.managedIdentity === true;
  const place = managed ? { ip: "" } : { ip: request.ip ?? "203.0.113.66", asn: request.asn, country: request.country };
  emitSignIn(world, own, { ...shown, ...place, id, resource, managed });
  if (shown.errorCode !== 0) {
    const message = `AADSTS${shown.errorCode}: ${reasonOf(shown.errorCode, own.appId)}`;
    return { ok: false, errorCode: shown.errorCode, message };
  }
  const actor = { kind: "app", servicePrincipalId: own.id, appId: own.appId, displayName: own.displayName } as const;
  const lifetimeSeconds = request.lifetimeSeconds ?? 4500;
  const issued = world.tokens.issue({
    actor,
    tenantId: world.settings.tenantId,
    audience: resource,
    lifetimeSeconds,
    roles: rolesOn(world, own, resource),
    continuousAccess: request.continuousAccess === true,
    id,
  });
  return { ok: true, errorCode: 0, token: issued.token, expiresOn: issued.expiresOn };
}

/** A managed identity asks for its token: no credential, no address in the log. */
export function recordManagedIdentitySignIn(world: World, servicePrincipalId: string, resource: string): void {
  const own = world.directory.servicePrincipals.latest(servicePrincipalId);
  if (!own) return;
  const id = world.random.guid();
  emitSignIn(world, own, { errorCode: 0, keyId: "", type: "none", id, ip: "", resource, managed: true });
}
