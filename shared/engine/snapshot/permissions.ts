/** Does our access token carry what an action needs? Asked before anything is written, so that no containment ends half-way. */
import type { Action } from "../../actions/action.ts";
import type { IdentityKind } from "../../domain/identity.ts";
import type { PlannedStep } from "../../domain/plan.ts";
import type { OwnIdentity } from "../../ports/tenant.ts";
import { actionOf } from "../registry.ts";
import { isFor } from "../run/planned-step.ts";

/**
 * Permissions that include another one for everything we ask of it (Microsoft Graph permissions reference,
 * `x-graph-application-permissions` of the operations our actions send). Application.ReadWrite.All is listed for app role
 * assignments, and by its own description does not cover those of Microsoft Graph: it includes nothing here.
 */
const includedIn: Readonly<Record<string, readonly string[]>> = {
  // not in Directory.Read.All, which does not list federated credentials
  "Application.Read.All": ["Application.ReadWrite.All"],
  "DelegatedPermissionGrant.ReadWrite.All": ["Directory.ReadWrite.All"],
  "Directory.Read.All": ["Directory.ReadWrite.All"],
  "GroupMember.ReadWrite.All": ["Group.ReadWrite.All", "Directory.ReadWrite.All"],
  "IdentityRiskyServicePrincipal.Read.All": ["IdentityRiskyServicePrincipal.ReadWrite.All"],
  "RoleAssignmentSchedule.Read.Directory": [
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
  ],
  "RoleAssignmentSchedule.ReadWrite.Directory": ["RoleManagement.ReadWrite.Directory"],
  "RoleAssignmentSchedule.Remove.Directory": [
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.ReadWrite.Directory",
  ],
  "RoleEligibilitySchedule.Read.Directory": [
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
  ],
  "RoleEligibilitySchedule.ReadWrite.Directory": ["RoleManagement.ReadWrite.Directory"],
  "RoleEligibilitySchedule.Remove.Directory": [
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.ReadWrite.Directory",
  ],
  "RoleManagement.Read.Directory": [
    "RoleManagement.ReadWrite.Directory",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
  ],
};

/** The permissions that include this one; without itself. */
export function includersOf(permission: string): readonly string[] {
  return includedIn[permission] ?? [];
}

/**
 * Names of the Graph permissions that are missing; none while our token does not say what it carries (`roles` null). Azure's own
 * operations (`Microsoft.…/…`) are granted by role assignments, which a token never says.
 */
export function missingPermissions(
  action: Pick<Action, "permissions">,
  kind: IdentityKind,
  roles: readonly string[] | null,
): readonly string[] {
  if (roles === null) return [];
  const isThere = (wanted: string) => [wanted, ...includersOf(wanted)].some((name) => roles.includes(name));
  return action.permissions(kind).filter((wanted) => !wanted.includes("/") && !isThere(wanted));
}

/** Why an optional step is passed over before it is begun; null: it is required, or nothing that it needs is missing. */
export function whyPassedOver(step: PlannedStep, kind: IdentityKind, self: OwnIdentity | null): string | null {
  const action = actionOf(step.action);
  if (step.need === "required" || step.undoes !== null || !isFor(step, action, kind)) return null;
  const missing = missingPermissions(action, kind, self?.roles ?? null);
  return missing.length === 0 ? null : `our access token lacks ${missing.join(", ")}`;
}
