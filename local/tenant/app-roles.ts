/** App role assignments: one set, seen from the holder (appRoleAssignments) and from the API (appRoleAssignedTo). */
import { type AuditTarget, emitAudit, modified, namesOf } from "./audit-records.ts";
import { badRequest, type Call, denied, fields, type Handler, noContent, notFound, type Reply } from "./call.ts";
import { directoryObject } from "./directory-objects.ts";
import { graphAppId } from "./identity-seeds.ts";
import { list } from "./odata.ts";
import { holds } from "./permissions.ts";
import { onServicePrincipal } from "./service-principals.ts";
import type { AppRoleAssignment, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

const assignmentRules = {
  type: "microsoft.graph.appRoleAssignment",
  filterable: ["principalId", "resourceId", "appRoleId", "principalType"],
} as const;

type End = "principalId" | "resourceId";

function listAssignments(end: End): Handler {
  return onServicePrincipal((world, call, found) =>
    list(world, call, world.directory.assignments, assignmentRules, (one) => one[end] === found.id, found.id),
  );
}

/** The activity by what the role is given to; samples exist for service principals and users. */
function activityOf(one: AppRoleAssignment, verb: "Add" | "Remove"): { activity: string; category: string } {
  const link = verb === "Add" ? "to" : "from";
  if (one.principalType === "ServicePrincipal") {
    const activity = `${verb} app role assignment ${link} service principal`;
    return { activity, category: "ApplicationManagement" };
  }
  if (one.principalType === "User") {
    return { activity: `${verb} app role assignment grant ${link} user`, category: "UserManagement" };
  }
  return { activity: `${verb} app role assignment ${link} group`, category: "GroupManagement" };
}

/** targetResources[0] is the resource, not the victim: so in every real record. */
function emitAssignment(world: World, call: Call, one: AppRoleAssignment, verb: "Add" | "Remove"): void {
  const { servicePrincipals } = world.directory;
  const [grantee, api] = [servicePrincipals.latest(one.principalId), servicePrincipals.latest(one.resourceId)];
  const role = api?.appRoles.find((known) => known.id === one.appRoleId);
  const name = (key: string, value: string): ReturnType<typeof modified> =>
    verb === "Add" ? modified(key, undefined, value) : modified(key, value, undefined);
  const kind = one.principalType;
  const resource: AuditTarget = {
    id: one.resourceId,
    displayName: one.resourceDisplayName,
    type: "ServicePrincipal",
    modifiedProperties: [
      name("AppRole.Id", one.appRoleId),
      name("AppRole.Value", role?.value ?? ""),
      name("AppRole.DisplayName", role?.displayName ?? ""),
      name("AppRoleAssignment.CreatedDateTime", one.createdDateTime),
      name(`${kind}.ObjectID`, one.principalId),
      name(`${kind}.DisplayName`, one.principalDisplayName),
      ...(grantee ? [name("ServicePrincipal.AppId", grantee.appId), name("ServicePrincipal.Name", grantee.appId)] : []),
      ...(api ? [namesOf(api)] : []),
    ],
  };
  const principal: AuditTarget = {
    id: one.principalId,
    displayName: one.principalDisplayName,
    type: kind,
    modifiedProperties: [],
  };
  const operationType = verb === "Add" ? "Assign" : "Unassign";
  emitAudit(world, call, { ...activityOf(one, verb), operationType, targets: [resource, principal] });
}

/** Application.ReadWrite.All assigns every app role "except those exposed by Microsoft Graph" (its own description). */
function mayTouch(call: Call, resource: ServicePrincipal | undefined): boolean {
  return resource?.appId !== graphAppId || holds(call.roles, "AppRoleAssignment.ReadWrite.All");
}

const defaultAccess = "00000000-0000-0000-0000-000000000000";
const principalTypes: Readonly<Record<string, AppRoleAssignment["principalType"]>> = {
  servicePrincipal: "ServicePrincipal",
  user: "User",
  group: "Group",
};

function wanted(world: World, call: Call, found: ServicePrincipal): AppRoleAssignment | Reply {
  const body = fields(call.body);
  const [principalId, resourceId] = [body.principalId, body.resourceId].map((id) => String(id).toLowerCase());
  const appRoleId = String(body.appRoleId).toLowerCase();
  const principal = directoryObject(world, principalId ?? "");
  const resource = world.directory.servicePrincipals.visible(resourceId ?? "");
  const principalType = principalTypes[String(principal?.["@odata.type"]).replace("#microsoft.graph.", "")] ?? null;
  const isAgent = String(principal?.["@odata.type"]).includes("agentIdentity");
  if (!principal || (!principalType && !isAgent)) return notFound(String(principalId));
  if (!resource) return notFound(String(resourceId));
  if (found.id !== principal.id && found.id !== resource.id)
    return badRequest("Neither principal nor resource is in the path.");
  if (!mayTouch(call, resource)) return denied();
  const known = appRoleId === defaultAccess || resource.appRoles.length === 0;
  if (!known && !resource.appRoles.some((role) => role.id === appRoleId))
    return badRequest(`Permission being assigned was not found on application '${resource.appId}'.`);
  return {
    id: Buffer.from(world.random.secret()).toString("base64url").slice(0, 43),
    appRoleId,
    createdDateTime: new Date(world.now()).toISOString(),
    principalDisplayName: String(principal.displayName),
    principalId: principal.id,
    principalType: principalType ?? "ServicePrincipal",
    resourceDisplayName: resource.displayName,
    resourceId: resource.id,
  };
}

function addAssignment(world: World, call: Call, found: ServicePrincipal): Reply {
  const one = wanted(world, call, found);
  if ("status" in one) return one;
  const { assignments } = world.directory;
  const same = (other: AppRoleAssignment): boolean =>
    other.principalId === one.principalId && other.resourceId === one.resourceId && other.appRoleId === one.appRoleId;
  if (assignments.present(same, one.principalId).length > 0)
    return badRequest("Permission being assigned already exists on the object");
  assignments.put(one);
  emitAssignment(world, call, one, "Add");
  return { status: 201, body: one };
}

function removeAssignment(end: End): Handler {
  return onServicePrincipal((world, call, found) => {
    const id = call.params["appRoleAssignment-id"] ?? "";
    const one = world.directory.assignments.visible(id);
    if (!one || one[end] !== found.id || !world.directory.assignments.latest(id)) return notFound(id);
    if (!mayTouch(call, world.directory.servicePrincipals.latest(one.resourceId))) return denied();
    world.directory.assignments.remove(id);
    emitAssignment(world, call, one, "Remove");
    return noContent;
  });
}

export const appRoleHandlers = {
  heldBy: listAssignments("principalId"),
  grantedOn: listAssignments("resourceId"),
  assign: onServicePrincipal(addAssignment),
  removeHeld: removeAssignment("principalId"),
  removeGranted: removeAssignment("resourceId"),
} satisfies Record<string, Handler>;
