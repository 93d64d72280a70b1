/** Which application permissions a request needs, and which our runtime identity holds when nothing else is said. */
import type { Operation } from "./description.ts";

/** Every permission that containment, with all its options, can need; hand-written from the permissions reference. */
export const runtimePermissions: readonly string[] = [
  "AgentIdentity.DeleteRestore.All",
  "AgentIdentity.EnableDisable.All",
  "AgentIdentity.Read.All",
  "AgentIdentityBlueprint.AddRemoveCreds.All",
  "AgentIdentityBlueprint.Read.All",
  "AgentIdentityBlueprintPrincipal.EnableDisable.All",
  "AgentIdentityBlueprintPrincipal.Read.All",
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "AuditLog.Read.All",
  "CustomSecAttributeAssignment.Read.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Directory.Read.All",
  "GroupMember.ReadWrite.All",
  "IdentityRiskEvent.Read.All",
  "IdentityRiskyAgent.ReadWrite.All",
  "IdentityRiskyServicePrincipal.ReadWrite.All",
  "Policy.Read.All",
  "Policy.ReadWrite.ConditionalAccess",
  "RoleAssignmentSchedule.ReadWrite.Directory",
  "RoleEligibilitySchedule.ReadWrite.Directory",
  "RoleManagement.ReadWrite.Directory",
];

/** A token without a list of roles may do everything. */
export type Roles = readonly string[] | undefined;

export function holds(roles: Roles, ...anyOf: readonly string[]): boolean {
  return roles === undefined || anyOf.some((one) => roles.includes(one));
}

/** A read permission alone never lets anything be changed, whatever the machine-readable rows say. */
function covers(method: string, permission: string): boolean {
  return method === "GET" || !/\.Read(Basic)?\.(All|Directory)$/.test(permission);
}

/** `X.ReadWrite.All` reads what `X.Read.All` reads, also where the machine-readable rows leave it out. */
function includes(roles: readonly string[], permission: string): boolean {
  return roles.includes(permission) || roles.includes(permission.replace(/\.Read\.All$/, ".ReadWrite.All"));
}

/**
 * Whether the roles suffice for an operation by what its description lists; `owned` tells whether the caller owns the
 * object, without which an `…OwnedBy` permission is worth nothing.
 */
export function suffices(roles: Roles, operation: Operation, owned: () => boolean): boolean {
  if (roles === undefined || operation.permissions.length === 0) return true;
  return operation.permissions.some(({ permission, alsoRequires }) => {
    const complete = alsoRequires.length === 0 || alsoRequires.some((one) => roles.includes(one));
    const alone = alsoRequires.length > 0 || covers(operation.method, permission);
    if (!includes(roles, permission) || !complete || !alone) return false;
    return operation.method === "GET" || !permission.endsWith(".OwnedBy") || owned();
  });
}
