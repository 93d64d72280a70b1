/** Who may do what: app role assignments from both ends, delegated grants, owners. */

import { onApplication } from "./applications.ts";
import { type AuditTarget, emitAudit, modified } from "./audit-records.ts";
import { badRequest, type Call, fields, type Handler, noContent, notFound, type Reply } from "./call.ts";
import { list } from "./odata.ts";
import { onServicePrincipal } from "./service-principals.ts";
import type { AppRoleAssignment, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

const assignmentRules = {
  type: "microsoft.graph.appRoleAssignment",
  filterable: ["principalId", "resourceId", "appRoleId", "principalType"],
} as const;
const grantRules = {
  type: "microsoft.graph.oAuth2PermissionGrant",
  filterable: ["clientId", "resourceId", "principalId", "consentType"],
} as const;
const ownerRules = { type: "microsoft.graph.directoryObject", filterable: ["id"] } as const;

function listAssignments(end: "principalId" | "resourceId"): Handler {
  return onServicePrincipal((world, call, found) =>
    list(world, call, world.directory.assignments, assignmentRules, (one) => one[end] === found.id),
  );
}

/** targetResources[0] is the resource, not the victim: so in every real record. */
function emitAssignment(world: World, call: Call, one: AppRoleAssignment, verb: "Add" | "Remove"): void {
  const grantee = world.directory.servicePrincipals.latest(one.principalId);
  const name = (key: string, value: string): ReturnType<typeof modified> =>
    verb === "Add" ? modified(key, undefined, value) : modified(key, value, undefined);
  const resource: AuditTarget = {
    id: one.resourceId,
    displayName: one.resourceDisplayName,
    type: "ServicePrincipal",
    modifiedProperties: [
      name("AppRole.Id", one.appRoleId),
      name("ServicePrincipal.ObjectID", one.principalId),
      name("ServicePrincipal.DisplayName", one.principalDisplayName),
      name("ServicePrincipal.AppId", grantee?.appId ?? ""),
    ],
  };
  const principal: AuditTarget = {
    id: one.principalId,
    displayName: one.principalDisplayName,
    type: "ServicePrincipal",
    modifiedProperties: [],
  };
  const activity = `${verb} app role assignment ${verb === "Add" ? "to" : "from"} service principal`;
  const operationType = verb === "Add" ? "Assign" : "Unassign";
  emitAudit(world, call, { activity, operationType, targets: [resource, principal] });
}

function addAssignment(world: World, call: Call, found: ServicePrincipal): Reply {
  const body = fields(call.body);
  const principal = world.directory.servicePrincipals.visible(String(body.principalId));
  const resource = world.directory.servicePrincipals.visible(String(body.resourceId));
  if (!principal) return notFound(String(body.principalId));
  if (!resource) return notFound(String(body.resourceId));
  if (found.id !== principal.id && found.id !== resource.id)
    return badRequest("Neither principal nor resource is in the path.");
  const one: AppRoleAssignment = {
    id: Buffer.from(world.random.secret()).toString("base64url").slice(0, 43),
    appRoleId: String(body.appRoleId),
    createdDateTime: new Date(world.now()).toISOString(),
    principalDisplayName: principal.displayName,
    principalId: principal.id,
    principalType: "ServicePrincipal",
    resourceDisplayName: resource.displayName,
    resourceId: resource.id,
  };
  world.directory.assignments.put(one);
  emitAssignment(world, call, one, "Add");
  return { status: 201, body: one };
}

function removeAssignment(end: "principalId" | "resourceId"): Handler {
  return onServicePrincipal((world, call, found) => {
    const id = call.params["appRoleAssignment-id"] ?? "";
    const one = world.directory.assignments.visible(id);
    if (!one || one[end] !== found.id) return notFound(id);
    world.directory.assignments.remove(id);
    emitAssignment(world, call, one, "Remove");
    return noContent;
  });
}

function removeGrant(world: World, call: Call): Reply {
  const id = call.params["oAuth2PermissionGrant-id"] ?? "";
  const grant = world.directory.grants.visible(id);
  if (!grant) return notFound(id);
  world.directory.grants.remove(id);
  const target: AuditTarget = {
    id: grant.resourceId,
    displayName: world.directory.servicePrincipals.latest(grant.resourceId)?.displayName ?? null,
    type: "ServicePrincipal",
    modifiedProperties: [
      modified("DelegatedPermissionGrant.Scope", grant.scope, undefined),
      modified("ServicePrincipal.ObjectID", grant.clientId, undefined),
    ],
  };
  emitAudit(world, call, {
    activity: "Remove delegated permission grant",
    operationType: "Unassign",
    targets: [target],
  });
  return noContent;
}

function owners(world: World, call: Call, owned: { readonly id: string }): Reply {
  const rules = { ...ownerRules, shown: (one: { readonly object: object }) => one.object };
  return list(world, call, world.directory.ownerships, rules, (one) => one.ownedId === owned.id);
}

export const grantHandlers = {
  heldBy: listAssignments("principalId"),
  grantedOn: listAssignments("resourceId"),
  assign: onServicePrincipal(addAssignment),
  removeHeld: removeAssignment("principalId"),
  removeGranted: removeAssignment("resourceId"),
  list: (world, call) => list(world, call, world.directory.grants, grantRules),
  ofClient: onServicePrincipal((world, call, found) =>
    list(world, call, world.directory.grants, grantRules, (one) => one.clientId === found.id),
  ),
  removeGrant,
  ownersOfServicePrincipal: onServicePrincipal(owners),
  ownersOfApplication: onApplication(owners),
} satisfies Record<string, Handler>;
