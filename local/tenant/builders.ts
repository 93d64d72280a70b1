/** Builds the tenant before anything happens: identities of every kind, as if they had been there for long. */
import { type FederatedSeed, seedFederatedCredential } from "./federated-seeds.ts";
import type { VerifiedPublisher } from "./foothold-types.ts";
import { exchangeAppRoles, graphAppRoles } from "./graph-app-roles.ts";
import { type BuiltIdentity, graphAppId, type IdentitySeed, place, seedOwners, storeSeed } from "./identity-seeds.ts";
import {
  type KeySeed,
  type KnownSecret,
  type Many,
  type PasswordSeed,
  seedKey,
  seedPassword,
  seedsOf,
} from "./seeds.ts";
import { dayMs, isoSeconds } from "./time.ts";
import type { Application, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export { type BuiltIdentity, graphAppId, type IdentitySeed } from "./identity-seeds.ts";

export interface ApplicationSeed extends IdentitySeed {
  /** credentials on the application object */
  readonly passwords?: Many<PasswordSeed>;
  readonly keys?: Many<KeySeed>;
  readonly federatedCredentials?: readonly FederatedSeed[];
  readonly multiTenant?: boolean;
  readonly createdDaysAgo?: number;
  /** published through application proxy (beta: onPremisesPublishing) */
  readonly appProxy?: boolean;
  /** object id of the application */
  readonly applicationId?: string;
  /** `true`: registered here, but never instantiated: no service principal */
  readonly withoutServicePrincipal?: boolean;
}

export interface BuiltApplication extends BuiltIdentity {
  readonly applicationId: string;
}

/** "Microsoft Services", the owner of most first-party applications */
export const microsoftServicesTenant = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

function publisherOf(world: World, displayName: string): VerifiedPublisher {
  const addedDateTime = isoSeconds(world.now() - 600 * dayMs);
  return { displayName, verifiedPublisherId: String(Math.floor(world.random.fraction() * 1e7)), addedDateTime };
}

/** A service principal of the home tenant with nothing around it. */
export function draftPrincipal(world: World, seed: IdentitySeed): ServicePrincipal {
  const appId = (seed.appId ?? world.random.guid()).toLowerCase();
  return {
    id: (seed.id ?? world.random.guid()).toLowerCase(),
    appId,
    displayName: seed.displayName ?? `workload-${world.random.letters(5).toLowerCase()}`,
    appDisplayName: seed.displayName ?? null,
    accountEnabled: seed.enabled ?? true,
    alternativeNames: [],
    appOwnerOrganizationId: world.settings.tenantId,
    appRoleAssignmentRequired: false,
    appRoles: seed.appRoles ?? [],
    customSecurityAttributes: seed.customSecurityAttributes ?? null,
    deletedDateTime: null,
    disabledByMicrosoftStatus: seed.disabledByMicrosoft ? "DisabledDueToViolationOfServicesAgreement" : null,
    isDisabled: null,
    loginUrl: seed.loginUrl ?? null,
    keyCredentials: seedsOf(seed.servicePrincipalKeys).map((key) => seedKey(world, key)),
    passwordCredentials: [],
    preferredSingleSignOnMode: seed.singleSignOn ?? null,
    replyUrls: seed.redirectUris ?? [],
    servicePrincipalNames: [appId],
    servicePrincipalType: "Application",
    signInAudience: "AzureADMyOrg",
    tags: seed.tags ?? [],
    verifiedPublisher: seed.verifiedPublisher === undefined ? null : publisherOf(world, seed.verifiedPublisher),
  };
}

/** A home application with its service principal. */
export function addApplication(
  world: World,
  seed: ApplicationSeed = {},
  about: Pick<ServicePrincipal & Application, "@odata.type"> = {},
  principal: Partial<ServicePrincipal> = {},
): BuiltApplication {
  const audience = seed.multiTenant ? "AzureADMultipleOrgs" : "AzureADMyOrg";
  const draft: ServicePrincipal = { ...draftPrincipal(world, seed), signInAudience: audience, ...principal };
  const passwords = seedsOf(seed.passwords).map((one) => seedPassword(world, one));
  const application: Application = {
    ...about,
    id: (seed.applicationId ?? world.random.guid()).toLowerCase(),
    appId: draft.appId,
    displayName: draft.displayName,
    createdDateTime: isoSeconds(world.now() - (seed.createdDaysAgo ?? 700) * dayMs),
    deletedDateTime: null,
    isDisabled: null,
    keyCredentials: seedsOf(seed.keys).map((key) => seedKey(world, key)),
    passwordCredentials: passwords.map((one) => one.credential),
    publisherDomain: "contoso.example",
    signInAudience: audience,
    tags: seed.tags ?? [],
    verifiedPublisher: draft.verifiedPublisher,
    web: { redirectUris: seed.redirectUris ?? [] },
  };
  storeSeed(world.directory.applications, application, seed);
  world.directory.applicationByAppId.set(application.appId, application.id);
  if (seed.appProxy) {
    const externalUrl = `https://${draft.displayName}.contoso.example/`;
    const rest = { internalUrl: "http://intranet/", externalAuthenticationType: "aadPreAuthentication" };
    world.directory.publishing.set(application.id, { externalUrl, ...rest });
  }
  seedOwners(world, application.id, seed.owners);
  for (const one of seed.federatedCredentials ?? []) seedFederatedCredential(world, application.id, one);
  const secrets = passwords.map((one) => one.known);
  const ids = { appId: application.appId, applicationId: application.id };
  if (seed.withoutServicePrincipal) {
    return { ...ids, id: "", secrets, keyIds: application.keyCredentials.map((key) => key.keyId) };
  }
  return { ...place(world, draft, seed, application, secrets), ...ids };
}

/** An application of another tenant that is not here yet: a service principal may be made from its appId. */
export function addForeignApplication(
  world: World,
  seed: Pick<IdentitySeed, "appId" | "displayName" | "verifiedPublisher"> & {
    readonly ownerTenantId?: string;
    /** secrets on the application in its own tenant */
    readonly passwords?: Many<PasswordSeed>;
  } = {},
): { readonly appId: string; readonly ownerTenantId: string; readonly secrets: readonly KnownSecret[] } {
  const appId = (seed.appId ?? world.random.guid()).toLowerCase();
  const ownerTenantId = seed.ownerTenantId ?? world.random.guid();
  const verifiedPublisher = seed.verifiedPublisher === undefined ? null : publisherOf(world, seed.verifiedPublisher);
  const displayName = seed.displayName ?? `foreign-${world.random.letters(5).toLowerCase()}`;
  const secrets = seedsOf(seed.passwords).map((one) => seedPassword(world, one).known);
  const secretIds = secrets.map(({ keyId }) => keyId);
  world.directory.foreignApplications.set(appId, { appId, displayName, ownerTenantId, verifiedPublisher, secretIds });
  return { appId, ownerTenantId, secrets };
}

/** A service principal whose application lives in another tenant. */
export function addForeign(world: World, seed: IdentitySeed & { readonly ownerTenantId?: string } = {}): BuiltIdentity {
  const ownerTenantId = seed.ownerTenantId ?? world.random.guid();
  const home = { appOwnerOrganizationId: ownerTenantId, signInAudience: "AzureADMultipleOrgs" };
  const draft = { ...draftPrincipal(world, seed), ...home };
  const { appId, displayName, verifiedPublisher } = draft;
  const elsewhere = { appId, displayName, ownerTenantId, verifiedPublisher, secretIds: [] };
  world.directory.foreignApplications.set(appId, elsewhere);
  return place(world, draft, seed);
}

export function addManagedIdentity(
  world: World,
  seed: IdentitySeed & { readonly userAssigned?: boolean; readonly resourceId?: string } = {},
): BuiltIdentity {
  const base = draftPrincipal(world, { servicePrincipalKeys: 1, ...seed });
  const provider = seed.userAssigned ? "Microsoft.ManagedIdentity/userAssignedIdentities" : "Microsoft.Web/sites";
  const arm =
    seed.resourceId ?? `/subscriptions/${world.azure.home}/resourcegroups/rg/providers/${provider}/${base.displayName}`;
  const draft: ServicePrincipal = {
    ...base,
    alternativeNames: [`isExplicit=${seed.userAssigned ? "True" : "False"}`, arm],
    appOwnerOrganizationId: null,
    servicePrincipalNames: [base.appId, "https://identity.azure.net/N8CUySpCeRFU3iB/PEuFlON4zd8+n8d3qgzrF1MviSY="],
    servicePrincipalType: "ManagedIdentity",
    signInAudience: null,
  };
  return place(world, draft, seed);
}

/** What the two Microsoft APIs offer that attackers go for. */
const knownRoles = new Map([
  [graphAppId, graphAppRoles],
  ["00000002-0000-0ff1-ce00-000000000000", exchangeAppRoles],
]);

/** A Microsoft application, e.g. Microsoft Graph itself. */
export function addFirstParty(
  world: World,
  seed: IdentitySeed & { readonly ownerTenantId?: string } = {},
): BuiltIdentity {
  const appOwnerOrganizationId = seed.ownerTenantId ?? microsoftServicesTenant;
  const appRoles = seed.appRoles ?? knownRoles.get(seed.appId ?? "") ?? [];
  const home = { appOwnerOrganizationId, signInAudience: "AzureADMultipleOrgs" };
  return place(world, { ...draftPrincipal(world, { ...seed, appRoles }), ...home }, seed);
}

/** Office 365 Exchange Online, with `full_access_as_app`. */
export function addExchangeOnline(world: World): BuiltIdentity {
  const appId = "00000002-0000-0ff1-ce00-000000000000";
  return addFirstParty(world, { appId, displayName: "Office 365 Exchange Online" });
}

/** A service principal from before app registrations: no application anywhere. */
export function addLegacy(world: World, seed: IdentitySeed = {}): BuiltIdentity {
  const old = { servicePrincipalType: "Legacy", appOwnerOrganizationId: null, signInAudience: null } as const;
  return place(world, { ...draftPrincipal(world, seed), ...old }, seed);
}
