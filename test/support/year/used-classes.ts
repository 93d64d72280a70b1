/** Identities that somebody uses, however rarely: none of them may ever be disabled. */
import {
  asResource,
  asResourceForUsers,
  bySecret,
  byUsers,
  either,
  every,
  firstDay,
  type LifeClass,
  lasting,
  onlyOn,
  withRole,
} from "./life-class.ts";

export const graphRoles = {
  mailSend: "b633e1c5-b582-4048-a93e-9f11b44c7e96",
  roleManagement: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
} as const;

function signingIn(name: string, members: number, usedOn: LifeClass["usedOn"]): LifeClass {
  return {
    name,
    members,
    usedOn,
    fate: null,
    build: (tenant) => bySecret(tenant, tenant.twin.addApplication({ passwords: lasting })),
  };
}

export const usedClasses: readonly LifeClass[] = [
  signingIn("daily", 2, every(1)),
  signingIn("weekly", 2, every(7)),
  signingIn("monthly", 3, every(30)),
  signingIn("quarterly", 4, every(92)),
  {
    ...signingIn("yearly, privileged", 3, every(364)),
    privileged: true,
    build: (tenant) => bySecret(tenant, withRole(tenant, tenant.twin.addApplication({ passwords: lasting }))),
  },
  {
    name: "resource only",
    members: 2,
    usedOn: every(30),
    fate: null,
    build: (tenant) => asResource(tenant, tenant.twin.addApplication()),
  },
  {
    name: "resource of quarterly callers",
    members: 1,
    usedOn: every(92),
    fate: null,
    build: (tenant) => asResource(tenant, tenant.twin.addApplication()),
  },
  {
    name: "users' client only",
    members: 2,
    usedOn: every(30),
    fate: null,
    build: (tenant) => byUsers(tenant, tenant.twin.addApplication({ redirectUris: ["https://app.contoso.example/"] })),
  },
  {
    name: "users' resource only",
    members: 1,
    usedOn: every(45),
    fate: null,
    build: (tenant) => asResourceForUsers(tenant, tenant.twin.addApplication()),
  },
  {
    name: "foreign, monthly",
    members: 1,
    usedOn: every(30),
    fate: null,
    build: (tenant) => byUsers(tenant, tenant.twin.addForeign({ delegatedScope: "User.Read" })),
  },
  {
    // the old secret was left there when the new one came
    name: "rotated, old secret left",
    members: 2,
    usedOn: every(1),
    fate: null,
    build(tenant) {
      const built = tenant.twin.addApplication({ passwords: [...lasting, ...lasting] });
      const [old, fresh] = [bySecret(tenant, built, 0), bySecret(tenant, built, 1)];
      let days = 0;
      // for its first hundred days with the old one
      return { ...fresh, use: () => (days++ < 100 ? old : fresh).use() };
    },
  },
  {
    // begins late: too young to be judged, and then used
    name: "young, monthly",
    members: 1,
    born: 300,
    usedOn: either(onlyOn(301), every(30)),
    fate: null,
    build: (tenant) => bySecret(tenant, tenant.twin.addApplication({ passwords: lasting, createdDaysAgo: 0 })),
  },
  {
    name: "young, one use",
    members: 1,
    born: 430,
    usedOn: onlyOn(431),
    fate: null,
    build: (tenant) => bySecret(tenant, tenant.twin.addApplication({ passwords: lasting, createdDaysAgo: 0 })),
  },
  {
    name: "used once, no row yet",
    members: 1,
    born: firstDay,
    usedOn: onlyOn(499),
    fate: null,
    build: (tenant) => bySecret(tenant, tenant.twin.addApplication({ passwords: lasting })),
  },
];
