/** Random footholds of one identity among those of others: what it holds, who owns it, what it owns, where it is a member. */
import fc from "fast-check";
import type {
  AppRoleAssignment,
  FederatedCredential,
  Grant,
  Group,
  Ownership,
} from "../support/harness-directory-items.ts";
import { type Directory, ids } from "./directory.ts";

function guid(n: number): string {
  return `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

export const others = {
  resources: [guid(1), guid(2)],
  client: guid(3),
  application: guid(4),
  users: [guid(5), guid(6)],
  groups: [guid(7), guid(8), guid(9)],
  appRoles: [guid(10), guid(11), guid(12)],
} as const;

export const scopes = ["User.Read", "Mail.ReadWrite", "offline_access"];
export const values = ["Mail.Read", "Sites.FullControl.All", "full_access_as_app"];

const own = [ids.servicePrincipalId, others.client];
const either = <T>(list: readonly T[]) => fc.constantFrom(...list);

/** Distinct by what Graph tells them apart by; their ids are their places. */
function several<T extends object>(one: fc.Arbitrary<T>, tells: (item: T) => string, name: string, maxLength = 6) {
  return fc
    .uniqueArray(one, { maxLength, selector: tells })
    .map((list) => list.map((item, index) => ({ ...item, id: `${name}-${index}` })));
}

const assignments: fc.Arbitrary<AppRoleAssignment[]> = several(
  fc.record({
    principalId: either(own),
    principalType: fc.constant("ServicePrincipal"),
    resourceId: either([...others.resources, ids.servicePrincipalId]),
    appRoleId: either(others.appRoles),
  }),
  (one) => [one.principalId, one.resourceId, one.appRoleId].join(),
  "assignment",
);

const grants: fc.Arbitrary<Grant[]> = several(
  fc
    .record({
      clientId: either(own),
      resourceId: either([...others.resources, ids.servicePrincipalId]),
      user: either([null, ...others.users]),
      scope: fc.oneof(
        fc.constant(null),
        fc.subarray(scopes).map((some) => some.join(" ")),
        fc.constant("  User.Read   mail.readwrite "),
      ),
    })
    .map(({ user, ...one }) => ({
      ...one,
      principalId: user,
      consentType: user === null ? "AllPrincipals" : "Principal",
    })),
  (one) => [one.clientId, one.resourceId, one.principalId].join(),
  "grant",
);

const flexible = { value: "claims['sub'] matches 'repo:contoso/*'", languageVersion: 1 };

const federated: fc.Arbitrary<FederatedCredential[]> = fc
  .uniqueArray(
    fc
      .record({
        applicationId: either([ids.applicationObjectId, others.application]),
        issuer: either(["https://token.actions.githubusercontent.com", "https://attacker.example"]),
        subject: either(["repo:contoso/app:ref:refs/heads/main", "system:serviceaccount:a:b", null]),
        audiences: fc.constant(["api://AzureADTokenExchange"]),
        description: fc.option(fc.constant("deployment")),
      })
      .map((one) => ({ ...one, claimsMatchingExpression: one.subject === null ? flexible : null })),
    { maxLength: 6, selector: (one) => [one.applicationId, one.issuer, one.subject].join() },
  )
  .map((list) => list.map((one, index) => ({ ...one, id: `federated-${index}`, name: `credential ${index}` })));

const ownerships: fc.Arbitrary<Ownership[]> = fc.uniqueArray(
  fc
    .record({
      object: either([
        ["servicePrincipals", ids.servicePrincipalId] as const,
        ["applications", ids.applicationObjectId] as const,
        ["servicePrincipals", others.client] as const,
        ["applications", others.application] as const,
        ["groups", others.groups[0]] as const,
      ]),
      ownerId: either([...others.users, ids.servicePrincipalId]),
    })
    .map(({ object: [collection, objectId], ownerId }) => ({ collection, objectId, ownerId })),
  { maxLength: 8, selector: (one) => `${one.objectId} ${one.ownerId}` },
);

const groups: fc.Arbitrary<Group[]> = fc.tuple(
  ...others.groups.map((id) =>
    fc.record({
      id: fc.constant(id),
      type: either(["group", "group", "directoryRole"]),
      isAssignableToRole: either([true, false, null]),
      securityEnabled: fc.constant(true),
      members: fc.subarray([...own, ...others.users]),
    }),
  ),
);

type Footholds = Pick<Directory, "appRoleAssignments" | "grants" | "federatedCredentials" | "ownerships" | "groups">;

export const footholds: fc.Arbitrary<Footholds> = fc.record({
  appRoleAssignments: assignments,
  grants,
  federatedCredentials: federated,
  ownerships,
  groups,
});

/** Whom the footholds are about besides the identity. */
export function withOthers(held: Directory): Directory {
  const bare = { passwordCredentials: [], keyCredentials: [] };
  const appRoles = others.appRoles.map((id, index) => ({ id, value: values[index] }));
  const principal = (id: string) => ({ ...bare, id, appId: `of ${id}`, appRoles });
  return {
    ...held,
    users: others.users.map((id) => ({ id })),
    servicePrincipals: [...held.servicePrincipals, ...[...others.resources, others.client].map(principal)],
    applications: [...held.applications, { ...bare, id: others.application, appId: `of ${others.client}` }],
  };
}

/** The same without what hangs on an application that is not there. */
export function withoutApplication(held: Directory): Directory {
  return {
    ...held,
    applications: held.applications.filter(({ id }) => id !== ids.applicationObjectId),
    federatedCredentials: held.federatedCredentials.filter((one) => one.applicationId !== ids.applicationObjectId),
    ownerships: held.ownerships.filter((one) => one.objectId !== ids.applicationObjectId),
  };
}
