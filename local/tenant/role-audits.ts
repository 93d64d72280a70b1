/**
 * The audit records of role changes. In the directory's own record the member stands first and the role second; in PIM's the
 * role stands first, the request second and the member third.
 */
import { type AuditTarget, emitAudit, modified } from "./audit-records.ts";
import type { Call } from "./call.ts";
import type { RoleHolding } from "./role-store.ts";
import type { Actor } from "./types.ts";
import type { World } from "./world.ts";

type Origin = Pick<Call, "actor" | "ip" | "userAgent" | "correlationId">;
type Verb = "Add" | "Remove";

/** PIM writes to the directory in its own name. */
const pim: Actor = {
  kind: "app",
  servicePrincipalId: "5a63f0fb-3d12-4b5c-9b0e-4f1f3c3b7d55",
  appId: "01fc33a7-78ba-4d2f-a4b7-768e336e890e",
  displayName: "MS-PIM",
};

function memberOf(world: World, { principalId }: RoleHolding): AuditTarget {
  const { servicePrincipals, groups } = world.directory;
  const own = servicePrincipals.latest(principalId);
  const type = own ? "ServicePrincipal" : groups.latest(principalId) ? "Group" : "User";
  return { id: principalId, displayName: own?.displayName ?? null, type, modifiedProperties: [] };
}

function inDirectory(world: World, origin: Origin, holding: RoleHolding, verb: Verb): void {
  const { roleDefinitionId, directoryScopeId, kind } = holding;
  const name = world.directory.roles.definitions.latest(roleDefinitionId)?.displayName ?? "";
  const property = (key: string, value: string): ReturnType<typeof modified> =>
    verb === "Add" ? modified(key, undefined, value) : modified(key, value, undefined);
  const modifiedProperties = [
    property("Role.ObjectID", roleDefinitionId),
    property("Role.DisplayName", name),
    property("Role.TemplateId", roleDefinitionId),
    property("Role.WellKnownObjectName", name.replaceAll(" ", "")),
  ];
  const what = kind === "eligible" ? "eligible member" : directoryScopeId === "/" ? "member" : "scoped member";
  emitAudit(world, origin, {
    activity: `${verb} ${what} ${verb === "Add" ? "to" : "from"} role`,
    operationType: verb === "Add" ? "Assign" : "Unassign",
    category: "RoleManagement",
    targets: [
      { ...memberOf(world, holding), modifiedProperties },
      { id: roleDefinitionId, displayName: null, type: "Role", modifiedProperties: [] },
    ],
  });
}

function inPim(world: World, origin: Origin, holding: RoleHolding, verb: Verb, requestId: string): void {
  const { roleDefinitionId, kind, endDateTime } = holding;
  const modifiedProperties = [
    modified("RoleDefinitionOriginId", "", roleDefinitionId),
    modified("RoleDefinitionOriginType", "", "BuiltInRole"),
    modified("TemplateId", "", roleDefinitionId),
  ];
  const what = kind === "eligible" ? "eligible member" : "member";
  const how = endDateTime === null ? "permanent" : "timebound";
  const displayName = world.directory.roles.definitions.latest(roleDefinitionId)?.displayName ?? null;
  emitAudit(world, origin, {
    activity: `${verb} ${what} ${verb === "Add" ? "to" : "from"} role in PIM completed (${how})`,
    operationType: verb === "Add" ? "Assign" : "Unassign",
    category: "RoleManagement",
    service: "PIM",
    targets: [
      { id: roleDefinitionId, displayName, type: "Role", modifiedProperties },
      { id: requestId, displayName: null, type: "Request", modifiedProperties: [] },
      memberOf(world, holding),
    ],
  });
}

/**
 * @param requestId of PIM's request; null: changed without PIM, so only the directory writes a record
 * @param inForce false: a role for a later time, of which the directory knows nothing yet
 */
export function emitRoleChange(
  world: World,
  origin: Origin,
  holding: RoleHolding,
  verb: Verb,
  requestId: string | null,
  inForce: boolean,
): void {
  if (requestId === null) {
    inDirectory(world, origin, holding, verb);
    return;
  }
  if (inForce) inDirectory(world, { ...origin, actor: pim }, holding, verb);
  inPim(world, origin, holding, verb, requestId);
}
