// Builds a story's tenant in the twin: groups and people first, then the identities in the story's order.

import { personId } from "../person-id.ts";
import type { Twin } from "../tenant/twin.ts";
import { apiId, appRoleId, exchangeAppId } from "./apis.ts";
import type { Cast, Foothold, Member, Moment } from "./evidence.ts";
import { foothold, noteBelongings, scopesOf, stateOf } from "./footholds.ts";
import { objectIdOf, peopleOf } from "./people.ts";
import { seedSigningSets } from "./signing-sets.ts";
import type { Story } from "./story.ts";
import { copiesOf, type StoryIdentity } from "./story-tenant.ts";

/** A story's tenant as it was built. */
export interface Tenant {
  readonly twin: Twin;
  readonly cast: Map<string, Member>;
  /** name → object id */
  readonly groups: ReadonlyMap<string, string>;
}

export function castTenant(twin: Twin, story: Story): Tenant {
  for (const userPrincipalName of peopleOf(story)) twin.addUser({ id: personId(userPrincipalName), userPrincipalName });
  if (JSON.stringify(story).includes('"exchange-online"') && !twin.state.servicePrincipal(exchangeAppId))
    twin.addExchangeOnline();
  const groups = new Map(
    story.groups.map(({ name, roleAssignable, directoryRoles }) => {
      const id = twin.addGroup({ displayName: name, isAssignableToRole: roleAssignable });
      for (const roleDefinitionId of directoryRoles) twin.addRole({ principalId: id, roleDefinitionId });
      return [name, id] as const;
    }),
  );
  const tenant: Tenant = { twin, cast: new Map(), groups };
  for (const one of story.tenant) {
    const crowd = one.copies === undefined ? null : one.name;
    for (const identity of copiesOf(one)) tenant.cast.set(identity.name, build(tenant, identity, crowd));
  }
  return tenant;
}

interface Built {
  readonly id: string;
  readonly appId: string;
  readonly applicationId?: string;
  readonly secrets: readonly { readonly keyId: string; readonly secret: string }[];
}

/** Where a credential goes: applications of the home tenant carry theirs themselves. */
function isOnApplication(identity: StoryIdentity, on: "application" | "service-principal" | undefined): boolean {
  const isHome = identity.kind === "application" || identity.kind === "agent-blueprint";
  return isHome && on !== "service-principal";
}

function seedOf(tenant: Tenant, identity: StoryIdentity) {
  const { twin, cast, groups } = tenant;
  const secrets = identity.secrets.map((one) => ({ ...one, displayName: one.label }));
  const keys = identity.certificates.map((one) => ({ ...one, displayName: `CN=${one.label}` }));
  const here = ({ on }: (typeof secrets | typeof keys)[number]): boolean => isOnApplication(identity, on);
  const elsewhere = (one: (typeof secrets | typeof keys)[number]): boolean => !here(one);
  const { appId, lastUsedDaysAgo, singleSignOn, verifiedPublisher } = identity;
  return {
    displayName: identity.name,
    enabled: identity.enabled,
    ...(appId === undefined ? {} : { appId }),
    passwords: secrets.filter(here),
    servicePrincipalPasswords: secrets.filter(elsewhere),
    keys: keys.filter(here),
    ...(keys.some(elsewhere) ? { servicePrincipalKeys: keys.filter(elsewhere) } : {}),
    federatedCredentials: identity.federatedCredentials.map(({ label, ...one }) => ({ name: label, ...one })),
    holds: identity.appRoles.map(({ api, role }) => {
      const resourceId = apiId(twin, cast, api);
      return { resourceId, appRoleId: appRoleId(twin, resourceId, role) };
    }),
    grants: identity.grants.map(({ api, scope, person }) => ({
      ...{ resourceId: apiId(twin, cast, api), scope },
      ...(person === undefined ? {} : { principalId: personId(person) }),
    })),
    groups: identity.groups.flatMap(({ group }) => groups.get(group) ?? []),
    owners: identity.owners.map(({ owner }) => ({ id: personId(owner), userPrincipalName: owner })),
    ...(identity.offers.length === 0
      ? {}
      : { appRoles: identity.offers.map((value) => offered(identity.name, value)) }),
    users: identity.users,
    clients: identity.clients.flatMap((client) => cast.get(client)?.id ?? []),
    ...(singleSignOn === undefined ? {} : { singleSignOn }),
    ...(verifiedPublisher === undefined ? {} : { verifiedPublisher }),
    ...(lastUsedDaysAgo === undefined ? {} : { lastUsedDaysAgo }),
  };
}

function offered(api: string, value: string) {
  const names = { value, displayName: value, description: value };
  return { id: personId(`${api}/${value}`), ...names, allowedMemberTypes: ["Application"], isEnabled: true };
}

function build(tenant: Tenant, identity: StoryIdentity, crowd: string | null): Member {
  const { twin, cast } = tenant;
  const built = place(tenant, identity);
  const { id, appId } = built;
  const own = twin.state.servicePrincipal(id);
  const resourceId = identity.kind === "managed-identity" ? (own?.alternativeNames[1] ?? null) : null;
  const member = {
    name: identity.name,
    crowd,
    kind: identity.kind,
    id,
    appId,
    applicationId: built.applicationId ?? null,
    resourceId,
  };
  const labels = new Map<string, Foothold>([
    ...credentialLabels(twin, identity, built),
    ...seedSigningSets(twin, identity, id),
    ...heldLabels(tenant, identity, member),
  ]);
  const whole: Member = { ...member, labels, belongings: new Set() };
  seedAround(tenant, identity, whole);
  noteBelongings(twin, whole);
  cast.set(identity.name, whole);
  return whole;
}

function place({ twin, cast, ...rest }: Tenant, identity: StoryIdentity): Built {
  const seed = seedOf({ twin, cast, ...rest }, identity);
  const { multiTenant, createdDaysAgo, appProxy, userAssigned } = identity;
  switch (identity.kind) {
    case "application":
      return twin.addApplication({ ...seed, multiTenant, createdDaysAgo, appProxy });
    case "agent-blueprint":
      return twin.addAgentBlueprint({ ...seed, multiTenant, createdDaysAgo });
    case "agent":
      return twin.addAgent({ ...seed, blueprintAppId: cast.get(identity.blueprint ?? "")?.appId ?? "" });
    case "managed-identity":
      return twin.addManagedIdentity({ ...seed, userAssigned });
    case "foreign":
      return twin.addForeign(seed);
    case "foreign-application":
      return { id: "", ...twin.addForeignApplication({ ...seed, passwords: seed.servicePrincipalPasswords }) };
    case "first-party":
      return twin.addFirstParty(seed);
    case "legacy":
      return twin.addLegacy(seed);
  }
}

/** Secrets and certificates are found again by the names they were given. */
function credentialLabels(twin: Twin, identity: StoryIdentity, built: Built): [string, Foothold][] {
  const objects = [
    twin.state.servicePrincipal(built.id),
    built.applicationId === undefined ? undefined : twin.state.application(built.applicationId),
  ];
  const passwords = objects.flatMap((object) => object?.passwordCredentials ?? []);
  const keys = objects.flatMap((object) => object?.keyCredentials ?? []);
  const idOf = (all: readonly { keyId: string; displayName: string | null }[], name: string): string =>
    all.find(({ displayName }) => displayName === name)?.keyId ?? "";
  const secretOf = (keyId: string): string | null => built.secrets.find((one) => one.keyId === keyId)?.secret ?? null;
  return [
    ...identity.secrets.map(({ label }, n): [string, Foothold] => {
      // what an application has in a tenant of its own is not seen in this one
      const keyId = identity.kind === "foreign-application" ? (built.secrets[n]?.keyId ?? "") : idOf(passwords, label);
      return [label, { keys: [foothold.secret(keyId)], keyId, secret: secretOf(keyId), trust: null }];
    }),
    ...identity.certificates.map(({ label }): [string, Foothold] => {
      const keyId = idOf(keys, `CN=${label}`);
      return [label, { keys: [foothold.certificate(keyId)], keyId, secret: null, trust: null }];
    }),
  ];
}

/** @returns a foothold that is no credential of its own */
export function holding(...keys: readonly string[]): Foothold {
  return { keys, keyId: null, secret: null, trust: null };
}

export function trusting(issuer: string, subject: string): Foothold {
  return { ...holding(foothold.federated(issuer, subject)), trust: { issuer, subject } };
}

function heldLabels(
  { twin, cast, groups }: Tenant,
  identity: StoryIdentity,
  member: Omit<Member, "labels" | "belongings">,
): [string, Foothold][] {
  const objects = [member.id, ...(member.applicationId === null ? [] : [member.applicationId])];
  return [
    ...identity.federatedCredentials.map((one): [string, Foothold] => [one.label, trusting(one.issuer, one.subject)]),
    ...identity.appRoles.map(({ label, api, role }): [string, Foothold] => {
      const resourceId = apiId(twin, cast, api);
      return [label, holding(foothold.appRole(resourceId, appRoleId(twin, resourceId, role)))];
    }),
    ...identity.grants.map(({ label, api, scope, person }): [string, Foothold] => {
      const [resourceId, principal] = [apiId(twin, cast, api), person === undefined ? null : personId(person)];
      return [label, holding(...scopesOf(scope).map((one) => foothold.grant(resourceId, principal, one)))];
    }),
    ...identity.directoryRoles.map(({ label, role, scope, eligible }): [string, Foothold] => [
      label,
      holding(foothold.role(eligible ? "eligible" : "active", role, scope)),
    ]),
    ...identity.azureRoles.map(({ label, role, scope }): [string, Foothold] => [
      label,
      holding(foothold.azureRole(role, azureScope(twin, scope))),
    ]),
    ...identity.owners.map(({ label, owner }): [string, Foothold] => [
      label,
      holding(...objects.map((id) => foothold.owner(id, objectIdOf(cast, owner)))),
    ]),
    ...identity.groups.map(({ label, group }): [string, Foothold] => [
      label,
      holding(foothold.group(groups.get(group) ?? "")),
    ]),
  ];
}

/** `{subscription}` stands for the first one; left out: that whole subscription. */
export function azureScope({ subscriptionId }: Twin, scope: string | undefined): string {
  return (scope ?? "/subscriptions/{subscription}").replaceAll("{subscription}", subscriptionId);
}

/** What the twin's builders do not know: roles, and what lies in Azure. */
function seedAround({ twin }: Tenant, identity: StoryIdentity, { id, resourceId }: Member): void {
  for (const { role, scope, eligible } of identity.directoryRoles) {
    const kind = eligible ? "eligible" : "active";
    twin.addRole({ principalId: id, roleDefinitionId: role, directoryScopeId: scope, kind });
  }
  const platform = twin.as({ kind: "user", id: personId("setup"), userPrincipalName: "setup", ipAddress: "" });
  for (const { role, scope } of identity.azureRoles) {
    platform.assignAzureRole({ principalId: id, roleDefinitionId: role, scope: azureScope(twin, scope) });
  }
  if (resourceId === null) return;
  for (const { label, issuer, subject } of identity.federatedCredentials) {
    platform.addIdentityFederatedCredential(resourceId, { name: label, issuer, subject });
  }
}

export function momentNow(twin: Twin, cast: Cast): Moment {
  const states = [...cast.values()].map((member) => [member.name, stateOf(twin, member)] as const);
  return { at: Date.now(), states: new Map(states) };
}
