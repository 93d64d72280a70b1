/** Identities without any use that are not for us to retire: each for a reason of its own. */
import {
  bySecret,
  byUsers,
  every,
  type Grown,
  type LifeClass,
  lasting,
  never,
  onlyOn,
  type Tenant,
} from "./life-class.ts";

/** Ids that the policy names: they have to be known before the tenant is. */
export const named = {
  protected: "0a000000-0000-4000-8000-000000000001",
  held: "0a000000-0000-4000-8000-000000000002",
  heldForAWhile: "0a000000-0000-4000-8000-000000000003",
} as const;
export const exemptTag = "team:treasury";

type Seed = NonNullable<Parameters<Tenant["twin"]["addApplication"]>[0]>;

/** Used for the last time long before the engine began, and by no one since. */
function idle(name: string, seed: Seed, more: Partial<LifeClass> = {}): LifeClass {
  return {
    name,
    members: 1,
    usedOn: onlyOn(-250),
    fate: null,
    build: (tenant) => bySecret(tenant, tenant.twin.addApplication({ passwords: lasting, ...seed })),
    ...more,
  };
}

/** Whatever there is of it, nobody ever used it. */
function silent(built: { readonly appId: string; readonly id: string }): Grown {
  return { appId: built.appId, servicePrincipalId: built.id, applicationId: null, use: () => 0 };
}

export const exemptClasses: readonly LifeClass[] = [
  // no row in the report: nothing is known, which proves nothing
  idle("never used, old", {}, { members: 3, usedOn: never }),
  idle("SAML", { singleSignOn: "saml", users: 3 }),
  idle("password sign-on", { singleSignOn: "password" }),
  idle("linked", { loginUrl: "https://app.contoso.example/login" }),
  idle("application proxy", { appProxy: true }),
  idle("protected by policy", { appId: named.protected }),
  idle("held by policy", { appId: named.held }),
  idle("tagged", { tags: [exemptTag] }),
  {
    ...idle("called by others", {}),
    build(tenant) {
      const clients = [tenant.caller.servicePrincipalId];
      return bySecret(tenant, tenant.twin.addApplication({ passwords: lasting, clients }));
    },
  },
  {
    ...idle("disabled by somebody", { enabled: false }, { usedOn: never, ends: "disabled" }),
    build: (tenant) =>
      bySecret(tenant, tenant.twin.addApplication({ passwords: lasting, enabled: false, lastUsedDaysAgo: 100 })),
  },
  {
    name: "managed identity, unused",
    members: 1,
    usedOn: onlyOn(-250),
    fate: null,
    build(tenant) {
      const built = tenant.twin.addManagedIdentity();
      return {
        ...silent(built),
        use: () => tenant.twin.requestToken({ appId: built.appId, managedIdentity: true }).errorCode,
      };
    },
  },
  {
    name: "agent, unused",
    members: 1,
    usedOn: never,
    fate: null,
    build(tenant) {
      const blueprint = tenant.twin.addAgentBlueprint({ lastUsedDaysAgo: 100 });
      return silent(tenant.twin.addAgent({ blueprintAppId: blueprint.appId, lastUsedDaysAgo: 100 }));
    },
  },
  {
    name: "first party, unused",
    members: 1,
    usedOn: never,
    fate: null,
    build: (tenant) => silent(tenant.twin.addFirstParty({ lastUsedDaysAgo: 100 })),
  },
  // used every week until the thief came; contained on a day of which the driver knows
  idle("contained", {}, { usedOn: every(7, 21), ends: "disabled" }),
  {
    name: "foreign, used by users",
    members: 1,
    usedOn: every(60),
    fate: null,
    build: (tenant) => byUsers(tenant, tenant.twin.addForeign()),
  },
];
