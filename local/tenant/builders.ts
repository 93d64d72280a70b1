/** Builds the tenant before anything happens: identities of every kind, as if they had been there for long. */
import type { Collection } from "./collection.ts";
import {
  type AssignmentSeed,
  type KeySeed,
  type KnownSecret,
  type Many,
  type PasswordSeed,
  seedAssignment,
  seedKey,
  seedPassword,
  seedsOf,
  seedUse,
} from "./seeds.ts";
import { dayMs, isoSeconds } from "./time.ts";
import type { Application, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export interface IdentitySeed {
  readonly displayName?: string;
  readonly appId?: string;
  /** object id of the service principal */
  readonly id?: string;
  readonly enabled?: boolean;
  /** credentials on the service principal itself */
  readonly servicePrincipalPasswords?: Many<PasswordSeed>;
  readonly servicePrincipalKeys?: Many<KeySeed>;
  /** how many users are assigned to it */
  readonly users?: number;
  /** service principals (object ids) with an app role on it */
  readonly clients?: readonly string[];
  /** app roles it holds on Microsoft Graph */
  readonly graphAppRoleIds?: readonly string[];
  /** delegated scopes it holds on Microsoft Graph, for all users */
  readonly delegatedScope?: string;
  /** `saml`, `password`, …; by default null */
  readonly singleSignOn?: string;
  readonly owners?: readonly { readonly id: string; readonly userPrincipalName: string }[];
  /** a row in the reports; left out: no data */
  readonly lastUsedDaysAgo?: number;
  readonly tags?: readonly string[];
  /** made just now: reads answer 404 until the replication lag has passed */
  readonly fresh?: boolean;
}

export interface ApplicationSeed extends IdentitySeed {
  /** credentials on the application object */
  readonly passwords?: Many<PasswordSeed>;
  readonly keys?: Many<KeySeed>;
  readonly multiTenant?: boolean;
  readonly createdDaysAgo?: number;
  /** published through application proxy (beta: onPremisesPublishing) */
  readonly appProxy?: boolean;
  /** object id of the application */
  readonly applicationId?: string;
}

export interface BuiltIdentity {
  readonly appId: string;
  /** object id of the service principal */
  readonly id: string;
  /** of every seeded password, application first */
  readonly secrets: readonly KnownSecret[];
  readonly keyIds: readonly string[];
}

export interface BuiltApplication extends BuiltIdentity {
  readonly applicationId: string;
}

export const graphAppId = "00000003-0000-0000-c000-000000000000";
/** "Microsoft Services", the owner of most first-party applications */
export const microsoftServicesTenant = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

function emptyPrincipal(world: World, seed: IdentitySeed): ServicePrincipal {
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
    appRoles: [],
    deletedDateTime: null,
    keyCredentials: seedsOf(seed.servicePrincipalKeys).map((key) => seedKey(world, key)),
    passwordCredentials: [],
    preferredSingleSignOnMode: seed.singleSignOn ?? null,
    servicePrincipalNames: [appId],
    servicePrincipalType: "Application",
    signInAudience: "AzureADMyOrg",
    tags: seed.tags ?? [],
  };
}

function seedOwners(world: World, ownedId: string, owners: IdentitySeed["owners"]): void {
  for (const owner of owners ?? []) {
    const object = { "@odata.type": "#microsoft.graph.user", id: owner.id, userPrincipalName: owner.userPrincipalName };
    world.directory.ownerships.seed({ id: `${ownedId}/${owner.id}`, ownedId, object });
  }
}

/** Everything around a service principal: who uses it, what it holds. */
function seedRelations(world: World, own: ServicePrincipal, seed: IdentitySeed): void {
  const { servicePrincipals, servicePrincipalByAppId, grants } = world.directory;
  const assign = (one: AssignmentSeed): unknown => seedAssignment(world, one);
  for (let n = 1; n <= (seed.users ?? 0); n += 1) {
    assign({ principal: { id: world.random.guid(), displayName: `User ${n}`, type: "User" }, resource: own });
  }
  for (const id of seed.clients ?? []) {
    const client = servicePrincipals.latest(id);
    if (!client) throw new Error(`clients: there is no service principal ${id}; add it first.`);
    assign({
      principal: { id, displayName: client.displayName, type: "ServicePrincipal" },
      resource: own,
      appRoleId: world.random.guid(),
    });
  }
  const graph = servicePrincipals.latest(servicePrincipalByAppId.get(graphAppId) ?? "");
  if (!graph) return;
  for (const appRoleId of seed.graphAppRoleIds ?? []) {
    assign({
      principal: { id: own.id, displayName: own.displayName, type: "ServicePrincipal" },
      resource: graph,
      appRoleId,
    });
  }
  if (seed.delegatedScope === undefined) return;
  const id = Buffer.from(world.random.secret()).toString("base64url").slice(0, 43);
  const who = { consentType: "AllPrincipals", principalId: null } as const;
  grants.seed({ id, clientId: own.id, resourceId: graph.id, scope: seed.delegatedScope, ...who });
}

function store<T extends { readonly id: string }>(all: Collection<T>, value: T, seed: IdentitySeed): void {
  if (seed.fresh) all.put(value);
  else all.seed(value);
}

function place(
  world: World,
  draft: ServicePrincipal,
  seed: IdentitySeed,
  application: Application | null,
  known: readonly KnownSecret[],
): BuiltIdentity {
  const passwords = seedsOf(seed.servicePrincipalPasswords).map((one) => seedPassword(world, one));
  const own = { ...draft, passwordCredentials: passwords.map((one) => one.credential) };
  store(world.directory.servicePrincipals, own, seed);
  world.directory.servicePrincipalByAppId.set(own.appId, own.id);
  seedRelations(world, own, seed);
  seedOwners(world, own.id, seed.owners);
  const credentials = [
    ...(application?.passwordCredentials ?? []),
    ...(application?.keyCredentials ?? []),
    ...own.passwordCredentials,
    ...own.keyCredentials,
  ];
  const ids = { appId: own.appId, servicePrincipalId: own.id, applicationId: application?.id ?? null };
  if (seed.lastUsedDaysAgo !== undefined) seedUse(world, ids, credentials, seed.lastUsedDaysAgo);
  return {
    appId: own.appId,
    id: own.id,
    secrets: [...known, ...passwords.map((one) => one.known)],
    keyIds: [...(application?.keyCredentials ?? []), ...own.keyCredentials].map((key) => key.keyId),
  };
}

/** A home application with its service principal. */
export function addApplication(world: World, seed: ApplicationSeed = {}): BuiltApplication {
  const audience = seed.multiTenant ? "AzureADMultipleOrgs" : "AzureADMyOrg";
  const draft: ServicePrincipal = { ...emptyPrincipal(world, seed), signInAudience: audience };
  const passwords = seedsOf(seed.passwords).map((one) => seedPassword(world, one));
  const application: Application = {
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
  };
  store(world.directory.applications, application, seed);
  world.directory.applicationByAppId.set(application.appId, application.id);
  if (seed.appProxy) {
    const externalUrl = `https://${draft.displayName}.contoso.example/`;
    world.directory.publishing.set(application.id, {
      externalUrl,
      internalUrl: "http://intranet/",
      externalAuthenticationType: "aadPreAuthentication",
    });
  }
  seedOwners(world, application.id, seed.owners);
  const known = passwords.map((one) => one.known);
  return { ...place(world, draft, seed, application, known), applicationId: application.id };
}

/** A service principal whose application lives in another tenant. */
export function addForeign(world: World, seed: IdentitySeed & { readonly ownerTenantId?: string } = {}): BuiltIdentity {
  const appOwnerOrganizationId = seed.ownerTenantId ?? world.random.guid();
  const draft = { ...emptyPrincipal(world, seed), appOwnerOrganizationId, signInAudience: "AzureADMultipleOrgs" };
  return place(world, draft, seed, null, []);
}

export function addManagedIdentity(
  world: World,
  seed: IdentitySeed & { readonly userAssigned?: boolean; readonly resourceId?: string } = {},
): BuiltIdentity {
  const base = emptyPrincipal(world, { servicePrincipalKeys: 1, ...seed });
  const provider = seed.userAssigned ? "Microsoft.ManagedIdentity/userAssignedIdentities" : "Microsoft.Web/sites";
  const arm =
    seed.resourceId ??
    `/subscriptions/${world.random.guid()}/resourcegroups/rg/providers/${provider}/${base.displayName}`;
  const draft: ServicePrincipal = {
    ...base,
    alternativeNames: [`isExplicit=${seed.userAssigned ? "True" : "False"}`, arm],
    appOwnerOrganizationId: null,
    servicePrincipalNames: [base.appId, "https://identity.azure.net/N8CUySpCeRFU3iB/PEuFlON4zd8+n8d3qgzrF1MviSY="],
    servicePrincipalType: "ManagedIdentity",
    signInAudience: null,
  };
  return place(world, draft, seed, null, []);
}

/** A Microsoft application, e.g. Microsoft Graph itself. */
export function addFirstParty(
  world: World,
  seed: IdentitySeed & { readonly ownerTenantId?: string } = {},
): BuiltIdentity {
  const appOwnerOrganizationId = seed.ownerTenantId ?? microsoftServicesTenant;
  const draft = { ...emptyPrincipal(world, seed), appOwnerOrganizationId, signInAudience: "AzureADMultipleOrgs" };
  return place(world, draft, seed, null, []);
}
