/** What a seeded identity consists of, and how its pieces are put into the directory. */
import type { Collection } from "./collection.ts";
import type { AppRole } from "./foothold-types.ts";
import { noteCredential, noteUse } from "./note-use.ts";
import {
  type AssignmentSeed,
  type KeySeed,
  type KnownSecret,
  type Many,
  type PasswordSeed,
  seedAssignment,
  seedPassword,
  seedsOf,
} from "./seeds.ts";
import { dayMs, isoSeconds } from "./time.ts";
import type { Application, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export const graphAppId = "00000003-0000-0000-c000-000000000000";

export interface GrantSeed {
  /** object id of the API's service principal; by default Microsoft Graph */
  readonly resourceId?: string;
  readonly scope: string;
  /** a user's object id; left out: for all users */
  readonly principalId?: string;
}

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
  /** app roles it holds on any API */
  readonly holds?: readonly { readonly resourceId: string; readonly appRoleId: string }[];
  /** delegated scopes it holds on Microsoft Graph, for all users */
  readonly delegatedScope?: string;
  readonly grants?: readonly GrantSeed[];
  /** object ids of groups it is a member of */
  readonly groups?: readonly string[];
  /** `saml`, `password`, …; by default null */
  readonly singleSignOn?: string;
  readonly owners?: readonly { readonly id: string; readonly userPrincipalName: string }[];
  /** where users come back to with a code or token: on the application as well */
  readonly redirectUris?: readonly string[];
  /** where its page is, if it has one */
  readonly loginUrl?: string;
  /** a row in the reports; left out: no data */
  readonly lastUsedDaysAgo?: number;
  readonly tags?: readonly string[];
  /** app roles that it offers as an API */
  readonly appRoles?: readonly AppRole[];
  readonly customSecurityAttributes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** name of the verified publisher; left out: not verified */
  readonly verifiedPublisher?: string;
  /** Microsoft disabled it for abuse: it cannot be deleted */
  readonly disabledByMicrosoft?: boolean;
  /** made just now: reads answer 404 until the replication lag has passed */
  readonly fresh?: boolean;
}

export interface BuiltIdentity {
  readonly appId: string;
  /** object id of the service principal */
  readonly id: string;
  /** of every seeded password, application first */
  readonly secrets: readonly KnownSecret[];
  readonly keyIds: readonly string[];
}

export function seedOwners(world: World, ownedId: string, owners: IdentitySeed["owners"]): void {
  const { ownerships, servicePrincipals, users } = world.directory;
  for (const { id, userPrincipalName } of owners ?? []) {
    const object = { "@odata.type": "#microsoft.graph.user", id, userPrincipalName };
    ownerships.seed({ id: `${ownedId}/${id}`, ownedId, object });
    if (servicePrincipals.latest(id) || users.latest(id)) continue;
    seedUser(world, id, userPrincipalName, userPrincipalName.split("@")[0] ?? "");
  }
}

function seedUser(world: World, id: string, userPrincipalName: string, displayName: string): void {
  const always = { accountEnabled: true, createdDateTime: isoSeconds(0), deletedDateTime: null };
  world.directory.users.seed({ id, userPrincipalName, displayName, ...always });
}

function seedHeld(world: World, own: ServicePrincipal, seed: IdentitySeed): void {
  const { servicePrincipals, servicePrincipalByAppId } = world.directory;
  const graph = servicePrincipals.latest(servicePrincipalByAppId.get(graphAppId) ?? "");
  const onGraph = graph ? (seed.graphAppRoleIds ?? []).map((appRoleId) => ({ resourceId: graph.id, appRoleId })) : [];
  for (const { resourceId, appRoleId } of [...onGraph, ...(seed.holds ?? [])]) {
    const resource = servicePrincipals.latest(resourceId);
    if (!resource) throw new Error(`holds: there is no service principal ${resourceId}; add it first.`);
    const principal = { id: own.id, displayName: own.displayName, type: "ServicePrincipal" } as const;
    seedAssignment(world, { principal, resource, appRoleId });
  }
}

function seedGrants(world: World, own: ServicePrincipal, seed: IdentitySeed): void {
  const graphId = world.directory.servicePrincipalByAppId.get(graphAppId);
  const forAll = seed.delegatedScope === undefined ? [] : [{ scope: seed.delegatedScope }];
  for (const one of [...forAll, ...(seed.grants ?? [])] as readonly GrantSeed[]) {
    const resourceId = one.resourceId ?? graphId;
    if (resourceId === undefined) continue;
    const { scope, principalId = null } = one;
    const id = Buffer.from(world.random.secret()).toString("base64url").slice(0, 43);
    const consentType = principalId === null ? "AllPrincipals" : "Principal";
    world.directory.grants.seed({ id, clientId: own.id, resourceId, scope, consentType, principalId });
  }
}

/** Everything around a service principal: who uses it, what it holds, where it is a member. */
function seedRelations(world: World, own: ServicePrincipal, seed: IdentitySeed): void {
  const assign = (one: AssignmentSeed): unknown => seedAssignment(world, one);
  for (let n = 1; n <= (seed.users ?? 0); n += 1) {
    const user = { id: world.random.guid(), displayName: `User ${n}` };
    seedUser(world, user.id, `user${n}@contoso.example`, user.displayName);
    assign({ principal: { ...user, type: "User" }, resource: own });
  }
  for (const id of seed.clients ?? []) {
    const client = world.directory.servicePrincipals.latest(id);
    if (!client) throw new Error(`clients: there is no service principal ${id}; add it first.`);
    const principal = { id, displayName: client.displayName, type: "ServicePrincipal" } as const;
    assign({ principal, resource: own, appRoleId: world.random.guid() });
  }
  seedHeld(world, own, seed);
  seedGrants(world, own, seed);
  for (const groupId of seed.groups ?? []) {
    world.directory.memberships.seed({ id: `${groupId}/${own.id}`, groupId, memberId: own.id });
  }
}

export function storeSeed<T extends { readonly id: string }>(all: Collection<T>, value: T, seed: IdentitySeed): void {
  if (seed.fresh) all.put(value);
  else all.seed(value);
}

/** A sign-in with each of its credentials, days ago. */
function seedUse(world: World, own: ServicePrincipal, application: Application | null, daysAgo: number): void {
  const seconds = Math.floor((world.now() - daysAgo * dayMs) / 1000);
  const use = { at: seconds * 1000, requestId: world.random.guid(), refused: false, seeded: true };
  noteUse(world, own.appId, "client", use);
  const ids = { applicationId: application?.id ?? null, servicePrincipalId: own.id };
  for (const holder of application ? [application, own] : [own]) {
    const origin = holder === application ? "application" : "servicePrincipal";
    for (const credential of [...holder.passwordCredentials, ...holder.keyCredentials]) {
      noteCredential(world, own.appId, credential, { origin, ...ids }, use);
    }
  }
}

/** Puts a drafted service principal with all that belongs to it into the directory. */
export function place(
  world: World,
  draft: ServicePrincipal,
  seed: IdentitySeed,
  application: Application | null = null,
  known: readonly KnownSecret[] = [],
): BuiltIdentity {
  const passwords = seedsOf(seed.servicePrincipalPasswords).map((one) => seedPassword(world, one));
  const own = { ...draft, passwordCredentials: passwords.map((one) => one.credential) };
  storeSeed(world.directory.servicePrincipals, own, seed);
  world.directory.servicePrincipalByAppId.set(own.appId, own.id);
  seedRelations(world, own, seed);
  seedOwners(world, own.id, seed.owners);
  if (seed.lastUsedDaysAgo !== undefined) seedUse(world, own, application, seed.lastUsedDaysAgo);
  return {
    appId: own.appId,
    id: own.id,
    secrets: [...known, ...passwords.map((one) => one.known)],
    keyIds: [...(application?.keyCredentials ?? []), ...own.keyCredentials].map((key) => key.keyId),
  };
}
