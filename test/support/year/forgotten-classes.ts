/** Identities that nobody uses any more: they go, unless somebody says otherwise in time. */

import { named } from "./exempt-classes.ts";
import { bySecret, byUsers, type LifeClass, lasting, onlyOn, type Tenant, withRole } from "./life-class.ts";
import { graphRoles } from "./used-classes.ts";

type Seed = NonNullable<Parameters<Tenant["twin"]["addApplication"]>[0]>;

function forgotten(name: string, seed: Seed, more: Partial<LifeClass> = {}): LifeClass {
  return {
    name,
    members: 1,
    usedOn: onlyOn(-200),
    fate: "gone",
    build: (tenant) => bySecret(tenant, tenant.twin.addApplication({ passwords: lasting, ...seed })),
    ...more,
  };
}

/** Everything that goes for good with an application, so that a restore has to bring all of it back. */
function furnished({ twin, owner }: Tenant): Seed {
  return {
    owners: [owner],
    users: 2,
    graphAppRoleIds: [graphRoles.mailSend],
    delegatedScope: "User.Read offline_access",
    groups: [twin.addGroup({})],
    federatedCredentials: [
      {
        name: "main",
        issuer: "https://token.actions.githubusercontent.com",
        subject: "repo:contoso/old:ref:refs/heads/main",
      },
    ],
  };
}

export const forgottenClasses: readonly LifeClass[] = [
  forgotten("forgotten", {}, { members: 2 }),
  {
    ...forgotten("forgotten, with an owner", {}),
    build: (tenant) => bySecret(tenant, tenant.twin.addApplication({ passwords: lasting, owners: [tenant.owner] })),
  },
  {
    ...forgotten("forgotten, privileged", {}, { privileged: true }),
    build: (tenant) => bySecret(tenant, withRole(tenant, tenant.twin.addApplication({ passwords: lasting }))),
  },
  forgotten("forgotten, tier 0", { graphAppRoleIds: [graphRoles.roleManagement] }, { privileged: true }),
  forgotten("forgotten, multi-tenant", { multiTenant: true }),
  {
    ...forgotten("forgotten, foreign", {}),
    build: (tenant) => byUsers(tenant, tenant.twin.addForeign({ delegatedScope: "User.Read" })),
  },
  forgotten("held until day 150", { appId: named.heldForAWhile }),
  // its only client goes first, and then nobody could call it any more
  {
    ...forgotten("forgotten, with a forgotten client", {}),
    build(tenant) {
      const client = tenant.twin.addApplication({ lastUsedDaysAgo: 0 });
      return bySecret(tenant, tenant.twin.addApplication({ passwords: lasting, clients: [client.id] }));
    },
  },
  // made during the year, tried once, and left there: only when it is old enough
  forgotten("tried once", { createdDaysAgo: 0 }, { born: 20, usedOn: onlyOn(21) }),
  // somebody needs it when they are told: used again
  forgotten("used in its notice", {}, { fate: "back", reactions: [{ on: "told", afterDays: 5, does: "use" }] }),
  {
    ...forgotten("kept by its owner", {}),
    fate: "back",
    reactions: [{ on: "told", afterDays: 3, does: "keep" }],
    build: (tenant) => bySecret(tenant, tenant.twin.addApplication({ passwords: lasting, owners: [tenant.owner] })),
  },
  // who misses it while it is off is refused, says so, and gets it back
  forgotten(
    "missed and restored",
    {},
    {
      fate: "restored",
      reactions: [
        { on: "disabled", afterDays: 10, does: "use" },
        { on: "asking", afterDays: 2, does: "restore" },
      ],
    },
  ),
  forgotten(
    "missed, nobody answers",
    {},
    {
      fate: "asking",
      unanswered: true,
      reactions: [{ on: "disabled", afterDays: 10, does: "use" }],
    },
  ),
  forgotten(
    "restored while disabled",
    {},
    {
      fate: "restored",
      reactions: [{ on: "disabled", afterDays: 6, does: "restore" }],
    },
  ),
  {
    ...forgotten("restored after deletion", {}),
    privileged: true,
    fate: "restored",
    reactions: [{ on: "deleted", afterDays: 10, does: "restore" }],
    build(tenant) {
      const built = tenant.twin.addApplication({ passwords: lasting, ...furnished(tenant) });
      return bySecret(tenant, withRole(tenant, built));
    },
  },
  {
    ...forgotten("foreign, restored after deletion", {}),
    fate: "restored",
    reactions: [{ on: "deleted", afterDays: 20, does: "restore" }],
    build: (tenant) => byUsers(tenant, tenant.twin.addForeign({ delegatedScope: "User.Read", users: 1 })),
  },
  // nothing told it from a forgotten one, and no history was there yet: its year's run is refused, and people bring it back for good
  forgotten(
    "yearly, not privileged",
    {},
    {
      usedOn: onlyOn(-315, 49, 413),
      fate: "restored",
      reactions: [{ on: "asking", afterDays: 1, does: "restore" }],
    },
  ),
];
