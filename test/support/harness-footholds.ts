/** Every foothold that the directory by hand knows, on the usual victim; and what must be the same again after an undo. */
import fc from "fast-check";
import { applicationId, guid, servicePrincipalId } from "./harness-cast.ts";
import type { Directory } from "./harness-directory.ts";
import type { Wanted } from "./harness-plans.ts";

export const api = guid(900);
const users = [guid(901), guid(902)];
const role = (n: number) => guid(910 + n);
const other = guid(920);
export const group = guid(930);

/** How many of each the victim has; each at most two. */
export interface Footholds {
  readonly appRoles: number;
  readonly grants: number;
  readonly federated: number;
  readonly owners: number;
  readonly owned: boolean;
  readonly grouped: boolean;
  readonly roles: number;
}

export const AnyFootholds: fc.Arbitrary<Footholds> = fc.record({
  appRoles: fc.nat(2),
  grants: fc.nat(2),
  federated: fc.nat(2),
  owners: fc.nat(2),
  owned: fc.boolean(),
  grouped: fc.boolean(),
  roles: fc.nat(2),
});

const everything: Footholds = {
  appRoles: 2,
  grants: 2,
  federated: 2,
  owners: 2,
  owned: true,
  grouped: true,
  roles: 2,
};

export function addFootholds(directory: Directory, has: Footholds = everything): void {
  const plain = { passwordCredentials: [], keyCredentials: [], accountEnabled: true, displayName: "other" };
  directory.servicePrincipals.push({ ...plain, id: api, appId: guid(940) });
  directory.applications.push({ ...plain, id: other, appId: guid(941) });
  for (let n = 0; n < has.appRoles; n++) {
    const held = { principalId: servicePrincipalId, principalType: "ServicePrincipal", resourceId: api };
    directory.appRoleAssignments.push({ ...held, id: `assignment-${n}`, appRoleId: role(n) });
  }
  for (const [n, principalId] of [null, users[0] ?? null].slice(0, has.grants).entries()) {
    const consentType = principalId === null ? "AllPrincipals" : "Principal";
    const grant = { id: `grant-${n}`, clientId: servicePrincipalId, resourceId: api, principalId, consentType };
    directory.grants.push({ ...grant, scope: "Mail.Read  User.Read" });
  }
  for (let n = 0; n < has.federated; n++) {
    const made = { name: `pipeline-${n}`, issuer: "https://issuer.example", audiences: ["api://AzureADTokenExchange"] };
    const plainOne = { subject: `repo:${n}`, description: null, claimsMatchingExpression: null };
    directory.federatedCredentials.push({ ...made, ...plainOne, id: `federated-${n}`, applicationId });
  }
  for (const ownerId of users.slice(0, has.owners)) {
    directory.ownerships.push({ collection: "applications", objectId: applicationId, ownerId });
    directory.ownerships.push({ collection: "servicePrincipals", objectId: servicePrincipalId, ownerId });
  }
  if (has.owned) {
    directory.ownerships.push({ collection: "applications", objectId: other, ownerId: servicePrincipalId });
  }
  const forever = { startDateTime: null, expiration: { type: "noExpiration", endDateTime: null, duration: null } };
  for (const kind of (["active", "eligible"] as const).slice(0, has.roles)) {
    const held = {
      principalId: servicePrincipalId,
      roleDefinitionId: role(5),
      directoryScopeId: "/",
      appScopeId: null,
    };
    const scheduleInfo = forever;
    directory.directoryRoles.push({ ...held, id: `role-${kind}`, kind, isRunning: kind === "active", scheduleInfo });
  }
  const members = has.grouped ? [servicePrincipalId, users[1] ?? ""] : [];
  directory.groups.push({ id: group, type: "group", isAssignableToRole: true, securityEnabled: true, members });
}

const eradicate = { stage: "eradicate" } as const;

/** One of everything that a plan may do to it and that can be taken back, and the one that cannot. */
export const everyStep: readonly Wanted[] = [
  { action: "disable-service-principal", stage: "contain" },
  { action: "remove-app-role-assignments", parameters: { assignments: "all" }, ...eradicate },
  { action: "remove-delegated-grants", parameters: { grants: "all" }, ...eradicate },
  { action: "remove-federated-credentials", parameters: { credentials: "all" }, ...eradicate },
  { action: "remove-owners", parameters: { object: "application", objectId: null, owners: "all" }, ...eradicate },
  { action: "remove-owners", parameters: { object: "servicePrincipal", objectId: null, owners: "all" }, ...eradicate },
  { action: "remove-ownerships", ...eradicate },
  { action: "remove-group-memberships", parameters: { groups: "all-role-assignable" }, ...eradicate },
  {
    action: "remove-password-credentials",
    parameters: { object: "application", objectId: null, keyIds: "all" },
    ...eradicate,
  },
];

/** And what ends the objects themselves, or needs them whole. */
export const gravestSteps: readonly Wanted[] = [
  { action: "deactivate-application", stage: "contain" },
  { action: "remove-directory-roles", parameters: { roles: "all" }, ...eradicate },
  { action: "remove-scheduled-directory-roles", parameters: { roles: "all" }, ...eradicate },
  { action: "delete-service-principal", ...eradicate },
  { action: "delete-application", ...eradicate },
];

/** Whatever the order of the members and of the list. */
const sorted = (list: readonly object[]) => list.map((one) => JSON.stringify(Object.entries(one).sort())).sort();

/** All but what never comes back: ids of what was made again, and the secrets of the application, which are looked at apart. */
export function comparable(directory: Directory): unknown {
  const withoutId = <T extends { readonly id: string }>({ id, ...rest }: T) => rest;
  // absent and false are the same to Graph
  const carrierOf = ({ passwordCredentials, isDisabled, ...rest }: Directory["applications"][number]) => ({
    ...rest,
    isDisabled: isDisabled === true,
  });
  return {
    servicePrincipals: sorted(directory.servicePrincipals),
    applications: sorted(directory.applications.map(carrierOf)),
    appRoleAssignments: sorted(directory.appRoleAssignments.map(withoutId)),
    grants: sorted(directory.grants.map(withoutId)),
    federatedCredentials: sorted(directory.federatedCredentials.map(withoutId)),
    directoryRoles: sorted(directory.directoryRoles.map(withoutId)),
    ownerships: sorted(directory.ownerships),
    groups: sorted(directory.groups.map((one) => ({ ...one, members: [...one.members].sort() }))),
  };
}

/** Ids of what an undo makes anew, or cannot make at all. */
export function mortalIds(directory: Directory): readonly string[] {
  const { appRoleAssignments, directoryRoles, federatedCredentials, grants } = directory;
  return [...appRoleAssignments, ...directoryRoles, ...federatedCredentials, ...grants].map(({ id }) => id);
}
