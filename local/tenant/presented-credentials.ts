/** What a workload shows when it asks for a token, and what Entra says to it. */
import { isBlockedByPolicy } from "./conditional-access.ts";
import type { FederatedCredential } from "./foothold-types.ts";
import type { Assertion, TokenRequest } from "./token-request.ts";
import type { Application, CredentialHolder, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export interface Presented {
  readonly errorCode: number;
  readonly keyId: string;
  readonly type: "clientSecret" | "clientAssertion" | "federatedIdentityCredential" | "none";
  readonly federatedCredentialId?: string;
}

/** Entra's error codes (AADSTS error reference). */
export const signInErrors = {
  wrongSecret: 7000215,
  expiredSecret: 7000222,
  disabled: 7000112,
  blockedByPolicy: 53003,
  unknownApplication: 700016,
  unknownResource: 500011,
  disabledResource: 500014,
  unknownKey: 700027,
  unknownIssuer: 700211,
  unknownAudience: 700212,
  unknownSubject: 700213,
} as const;

/** An agent identity has no credentials: it signs in with those of its blueprint. */
function applicationOf(world: World, own: ServicePrincipal): Application | undefined {
  const { applications, applicationByAppId } = world.directory;
  return applications.latest(applicationByAppId.get(own.agentIdentityBlueprintId ?? own.appId) ?? "");
}

function holders(world: World, own: ServicePrincipal): CredentialHolder[] {
  const application = applicationOf(world, own);
  return application ? [application, own] : [own];
}

/** A secret that the application of another tenant has there: it opens every tenant that has a service principal of it. */
function secretElsewhere({ directory }: World, own: ServicePrincipal, secret: string): string | undefined {
  const theirs = directory.foreignApplications.get(own.appId)?.secretIds ?? [];
  return theirs.find((keyId) => directory.secrets.get(keyId) === secret);
}

function bySecret(world: World, own: ServicePrincipal, secret: string): Presented {
  const elsewhere = secretElsewhere(world, own, secret);
  if (elsewhere !== undefined) return { errorCode: 0, keyId: elsewhere, type: "clientSecret" };
  const all = holders(world, own).flatMap((holder) => holder.passwordCredentials);
  const found = all.find((credential) => world.directory.secrets.get(credential.keyId) === secret);
  if (!found) return { errorCode: signInErrors.wrongSecret, keyId: "", type: "clientSecret" };
  const expired = Date.parse(found.endDateTime) <= world.now();
  return { errorCode: expired ? signInErrors.expiredSecret : 0, keyId: found.keyId, type: "clientSecret" };
}

function byKey(world: World, own: ServicePrincipal, keyId: string): Presented {
  const all = holders(world, own).flatMap((holder) => holder.keyCredentials);
  const found = all.find((credential) => credential.keyId === keyId && credential.usage === "Verify");
  const valid = found !== undefined && Date.parse(found.endDateTime) > world.now();
  return { errorCode: valid ? 0 : signInErrors.unknownKey, keyId: found?.keyId ?? "", type: "clientAssertion" };
}

/** `claims['sub'] eq '…'` and `claims['sub'] matches '…*…'`, joined by `and`: the subject is all we are told. */
function satisfies(subject: string, expression: string): boolean {
  return expression.split(" and ").every((part) => {
    const [, claim, operator, value = ""] = /^claims\['(\w+)'\] (eq|matches) '([^']*)'$/.exec(part.trim()) ?? [];
    if (claim !== "sub") return false;
    const escaped = value.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    const pattern = escaped.replaceAll("*", ".*").replaceAll("?", ".");
    return operator === "eq" ? subject === value : new RegExp(`^${pattern}$`).test(subject);
  });
}

type Trust = Pick<FederatedCredential, "id" | "issuer" | "subject" | "audiences" | "claimsMatchingExpression">;

/** On the application; of a user-assigned managed identity in Azure. */
function trustsOf(world: World, own: ServicePrincipal): Trust[] {
  const owner = applicationOf(world, own)?.id ?? "";
  const resourceId = own.alternativeNames[1]?.toLowerCase() ?? "";
  const onIdentity = world.azure.federatedCredentials.present((one) => one.identityId === resourceId);
  return [
    ...world.directory.federatedCredentials.present((one) => one.applicationId === owner, owner),
    ...onIdentity.map((one) => ({ ...one, claimsMatchingExpression: null })),
  ];
}

function trusts(one: Trust, subject: string): boolean {
  return one.claimsMatchingExpression === null
    ? one.subject === subject
    : satisfies(subject, one.claimsMatchingExpression.value);
}

function byAssertion(world: World, own: ServicePrincipal, assertion: Assertion): Presented {
  const { issuer, subject, audience = "api://AzureADTokenExchange" } = assertion;
  const ofIssuer = trustsOf(world, own).filter((one) => one.issuer === issuer);
  const ofSubject = ofIssuer.filter((one) => trusts(one, subject));
  const found = ofSubject.find((one) => one.audiences.includes(audience));
  const shown = { keyId: "", type: "federatedIdentityCredential" } as const;
  if (found) return { ...shown, errorCode: 0, federatedCredentialId: found.id };
  if (ofIssuer.length === 0) return { ...shown, errorCode: signInErrors.unknownIssuer };
  return { ...shown, errorCode: ofSubject.length === 0 ? signInErrors.unknownSubject : signInErrors.unknownAudience };
}

function shownBy(world: World, own: ServicePrincipal, request: TokenRequest): Presented {
  if (request.managedIdentity) {
    const known = own.servicePrincipalType === "ManagedIdentity";
    return { errorCode: known ? 0 : signInErrors.wrongSecret, keyId: "", type: "none" };
  }
  if (request.assertion) return byAssertion(world, own, request.assertion);
  return request.keyId === undefined ? bySecret(world, own, request.secret ?? "") : byKey(world, own, request.keyId);
}

/** Switched off here, or everywhere by its application; an agent is off with its blueprint as well. */
export function isOff(world: World, own: ServicePrincipal): boolean {
  const { servicePrincipals, servicePrincipalByAppId } = world.directory;
  const blueprint = own.agentIdentityBlueprintId;
  const parent = servicePrincipals.latest(servicePrincipalByAppId.get(blueprint ?? "") ?? "");
  const parentOff = blueprint !== undefined && parent?.accountEnabled !== true;
  return !own.accountEnabled || parentOff || applicationOf(world, own)?.isDisabled === true;
}

/** The credential first, then whether the identity is enabled, then Conditional Access. */
export function present(world: World, own: ServicePrincipal, request: TokenRequest): Presented {
  const shown = shownBy(world, own, request);
  if (shown.errorCode !== 0) return shown;
  if (isOff(world, own)) return { ...shown, errorCode: signInErrors.disabled };
  return isBlockedByPolicy(world, own) ? { ...shown, errorCode: signInErrors.blockedByPolicy } : shown;
}
