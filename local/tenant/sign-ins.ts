/** Token requests as workloads (and whoever stole from them) make them, and the sign-in record each leaves behind. */
import { graphAppId } from "./builders.ts";
import { isBlockedByPolicy } from "./conditional-access.ts";
import { isoSeven, isoSevenOffset } from "./time.ts";
import type { CredentialHolder, KeyCredential, PasswordCredential, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export interface TokenRequest {
  readonly appId: string;
  /** a client secret's value … */
  readonly secret?: string;
  /** … or the id of a key whose private part the caller holds */
  readonly keyId?: string;
  /** audience; by default Microsoft Graph */
  readonly resource?: string;
  readonly ip?: string;
  /** seconds the token lives; Entra gives 60 to 90 minutes */
  readonly lifetimeSeconds?: number;
}

export type TokenAnswer =
  | { readonly ok: true; readonly errorCode: 0; readonly token: string; readonly expiresOn: number }
  | { readonly ok: false; readonly errorCode: number; readonly message: string };

/** Entra's error codes (AADSTS error reference). */
export const signInErrors = {
  wrongSecret: 7000215,
  expiredSecret: 7000222,
  disabled: 7000112,
  blockedByPolicy: 53003,
  unknownApplication: 700016,
  unknownKey: 700027,
} as const;

interface Presented {
  readonly errorCode: number;
  readonly keyId: string;
  readonly type: "clientSecret" | "clientAssertion" | "none";
}

const graphResource = "https://graph.microsoft.com";

function holders(world: World, own: ServicePrincipal): CredentialHolder[] {
  const { applications, applicationByAppId } = world.directory;
  const application = applications.latest(applicationByAppId.get(own.appId) ?? "");
  return application ? [application, own] : [own];
}

function bySecret(world: World, own: ServicePrincipal, secret: string): Presented {
  const all: PasswordCredential[] = holders(world, own).flatMap((holder) => holder.passwordCredentials);
  const found = all.find((credential) => world.directory.secrets.get(credential.keyId) === secret);
  if (!found) return { errorCode: signInErrors.wrongSecret, keyId: "", type: "clientSecret" };
  const expired = Date.parse(found.endDateTime) <= world.now();
  return { errorCode: expired ? signInErrors.expiredSecret : 0, keyId: found.keyId, type: "clientSecret" };
}

function byKey(world: World, own: ServicePrincipal, keyId: string): Presented {
  const all: KeyCredential[] = holders(world, own).flatMap((holder) => holder.keyCredentials);
  const found = all.find((credential) => credential.keyId === keyId && credential.usage === "Verify");
  const valid = found !== undefined && Date.parse(found.endDateTime) > world.now();
  return { errorCode: valid ? 0 : signInErrors.unknownKey, keyId: found?.keyId ?? "", type: "clientAssertion" };
}

function isOff(world: World, own: ServicePrincipal): boolean {
  const { applications, applicationByAppId } = world.directory;
  return !own.accountEnabled || applications.latest(applicationByAppId.get(own.appId) ?? "")?.isDisabled === true;
}

function present(world: World, own: ServicePrincipal, request: TokenRequest): Presented {
  const shown =
    request.keyId === undefined ? bySecret(world, own, request.secret ?? "") : byKey(world, own, request.keyId);
  if (shown.errorCode !== 0) return shown;
  if (isOff(world, own)) return { ...shown, errorCode: signInErrors.disabled };
  return isBlockedByPolicy(world, own) ? { ...shown, errorCode: signInErrors.blockedByPolicy } : shown;
}

interface SignIn extends Presented {
  readonly id: string;
  readonly ip: string;
  readonly resource: string;
  readonly managed: boolean;
}

/** The resource as sign-in logs name it; only Microsoft Graph is a known one. */
function resourceOf(
  world: World,
  resource: string,
): { readonly name: string; readonly appId: string; readonly objectId: string } {
  const known = resource.replace(/\/$/, "") === graphResource;
  const objectId = known ? (world.directory.servicePrincipalByAppId.get(graphAppId) ?? "") : "";
  return { name: known ? "Microsoft Graph" : resource, appId: known ? graphAppId : "", objectId };
}

function signInProperties(world: World, own: ServicePrincipal, signIn: SignIn, correlationId: string): object {
  const resource = resourceOf(world, signIn.resource);
  const nowhere = { city: "", state: "", countryOrRegion: "", geoCoordinates: { latitude: 0, longitude: 0 } };
  return {
    id: signIn.id,
    createdDateTime: isoSevenOffset(world.now()),
    userId: null,
    appId: own.appId,
    ipAddress: signIn.ip,
    status: { errorCode: signIn.errorCode },
    location: nowhere,
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
    federatedCredentialId: "",
    uniqueTokenIdentifier: signIn.errorCode === 0 ? Buffer.from(signIn.id).toString("base64") : "",
    incomingTokenType: "none",
    authenticationProtocol: "none",
  };
}

function emitSignIn(world: World, own: ServicePrincipal, signIn: SignIn): void {
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
    location: "",
    properties: signInProperties(world, own, signIn, correlationId),
  });
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
  const shown = present(world, own, request);
  const id = world.random.guid();
  emitSignIn(world, own, { ...shown, id, ip: request.ip ?? "203.0.113.66", resource, managed: false });
  if (shown.errorCode !== 0) {
    const reason =
      shown.errorCode === signInErrors.disabled
        ? `Application '${own.appId}' is disabled.`
        : "The credential is not valid.";
    return { ok: false, errorCode: shown.errorCode, message: `AADSTS${shown.errorCode}: ${reason}` };
  }
  const actor = { kind: "app", servicePrincipalId: own.id, appId: own.appId, displayName: own.displayName } as const;
  const lifetimeSeconds = request.lifetimeSeconds ?? 4500;
  const issued = world.tokens.issue({
    actor,
    tenantId: world.settings.tenantId,
    audience: resource,
    lifetimeSeconds,
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
