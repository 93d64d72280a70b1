/** The tenant as judges see it: as it is, not as lagging reads show it. */
import type { AzureRoleAssignment, IdentityFederatedCredential } from "../azure/azure-directory.ts";
import type { ConditionalAccessPolicy } from "./conditional-access-policy.ts";
import { emptyBin } from "./deletion.ts";
import type { FederatedCredential, RiskyAgent } from "./foothold-types.ts";
import type { WriteEntry } from "./journal.ts";
import type { RoleHolding } from "./role-store.ts";
import type {
  Application,
  AppRoleAssignment,
  Ownership,
  PermissionGrant,
  RiskDetection,
  RiskyServicePrincipal,
  ServicePrincipal,
} from "./types.ts";
import type { World } from "./world.ts";

/** What judges look at: the tenant as it is, not as lagging reads show it. */
export interface TwinState {
  servicePrincipal(idOrAppId: string): ServicePrincipal | undefined;
  application(idOrAppId: string): Application | undefined;
  riskyServicePrincipal(id: string): RiskyServicePrincipal | undefined;
  riskyAgent(id: string): RiskyAgent | undefined;
  /** soft-deleted: still waiting */
  deleted(id: string): ServicePrincipal | Application | undefined;
  detections(servicePrincipalId: string): readonly RiskDetection[];
  /** held by it */
  assignmentsOf(servicePrincipalId: string): readonly AppRoleAssignment[];
  /** users, groups and applications with an app role on it */
  assignedTo(servicePrincipalId: string): readonly AppRoleAssignment[];
  grantsOf(servicePrincipalId: string): readonly PermissionGrant[];
  /** of an application or a service principal, by its own object id */
  ownersOf(objectId: string): readonly Ownership[];
  /** ids of the groups it is a member of itself */
  groupsOf(principalId: string): readonly string[];
  federatedCredentialsOf(applicationId: string): readonly FederatedCredential[];
  /** active, eligible and for later, of this principal itself */
  rolesOf(principalId: string): readonly RoleHolding[];
  azureRolesOf(principalId: string): readonly AzureRoleAssignment[];
  /** of a user-assigned managed identity */
  identityFederatedCredentials(resourceId: string): readonly IdentityFederatedCredential[];
  policies(): readonly ConditionalAccessPolicy[];
  /** a secret's value, as only Entra itself knows it */
  secretOf(keyId: string): string | null;
  /** every change request in order, whoever sent it and whatever came of it */
  readonly writes: readonly WriteEntry[];
  /** change requests under our runtime identity */
  ourWrites(): readonly WriteEntry[];
}

export function stateOf(world: World): TwinState {
  const { directory, journal } = world;
  const principalId = (key: string): string =>
    directory.servicePrincipalByAppId.get(key.toLowerCase()) ?? key.toLowerCase();
  const applicationId = (key: string): string =>
    directory.applicationByAppId.get(key.toLowerCase()) ?? key.toLowerCase();
  return {
    servicePrincipal: (key) => directory.servicePrincipals.latest(principalId(key)),
    application: (key) => directory.applications.latest(applicationId(key)),
    riskyServicePrincipal: (id) => directory.riskyServicePrincipals.latest(id),
    riskyAgent: (id) => directory.riskyAgents.latest(id),
    deleted(id) {
      emptyBin(world);
      return directory.deleted.latest(id);
    },
    detections: (id) => directory.detections.where((one) => one.servicePrincipalId === id),
    assignmentsOf: (id) => directory.assignments.present((one) => one.principalId === id, id),
    assignedTo: (id) => directory.assignments.present((one) => one.resourceId === id, id),
    grantsOf: (id) => directory.grants.present((one) => one.clientId === id, id),
    ownersOf: (id) => directory.ownerships.present((one) => one.ownedId === id, id),
    groupsOf: (id) => directory.memberships.present((one) => one.memberId === id, id).map((one) => one.groupId),
    federatedCredentialsOf: (id) => directory.federatedCredentials.present((one) => one.applicationId === id, id),
    rolesOf: (id) => directory.roles.holdings.present((one) => one.principalId === id),
    azureRolesOf: (id) => world.azure.assignments.present((one) => one.principalId === id),
    identityFederatedCredentials: (id) =>
      world.azure.federatedCredentials.present((one) => one.identityId === id.toLowerCase()),
    policies: () => directory.conditionalAccess.present(() => true),
    secretOf: (keyId) => directory.secrets.get(keyId) ?? null,
    writes: journal.writes,
    ourWrites: () => journal.writes.filter((entry) => entry.ours),
  };
}
