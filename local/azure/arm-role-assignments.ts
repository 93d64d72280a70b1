/** Microsoft.Authorization/roleAssignments: who has which Azure role where. Source: REST reference, api-version 2022-04-01. */
import { fields } from "../tenant/call.ts";
import type { World } from "../tenant/world.ts";
import { type ArmCall, type ArmReply, armError, pageOf } from "./arm-call.ts";
import { type AzureRoleAssignment, subscriptionOf } from "./azure-directory.ts";

const provider = "/providers/Microsoft.Authorization/roleAssignments";

/** As ARM shows one. */
function shown(one: AzureRoleAssignment): object {
  const { id, name, scope, principalId, principalType, roleDefinitionId, condition, createdOn } = one;
  return {
    properties: {
      ...{ roleDefinitionId, principalId, principalType, scope, condition },
      conditionVersion: condition === null ? null : "2.0",
      ...{ createdOn, updatedOn: createdOn, createdBy: "", updatedBy: "" },
      ...{ delegatedManagedIdentityResourceId: null, description: null },
    },
    id,
    type: "Microsoft.Authorization/roleAssignments",
    name,
  };
}

/** At the subscription, below it, and above it, from where the role is inherited. */
function reaches(subscription: string, { scope }: AzureRoleAssignment): boolean {
  const own = subscriptionOf(scope);
  return own === null || own === subscription;
}

/** All that count in a subscription, of one principal if the filter says so. Other filters than that one are refused. */
export function listAssignments(world: World, call: ArmCall, subscription: string): ArmReply {
  const filter = call.query.get("$filter");
  const principal = /^\s*principalId eq '([0-9a-f-]{36})'\s*$/i.exec(filter ?? "")?.[1]?.toLowerCase();
  if (filter !== null && principal === undefined)
    return armError(
      400,
      "InvalidFilter",
      `The filter '${filter}' is not supported. Supported here: principalId eq '{id}'.`,
    );
  const all = world.azure.assignments.where(
    (one) => reaches(subscription, one) && (principal === undefined || one.principalId === principal),
  );
  return pageOf(call, all.map(shown));
}

export function getAssignment(world: World, id: string): ArmReply {
  const found = world.azure.assignments.visible(id.toLowerCase());
  const name = id.slice(id.lastIndexOf("/") + 1);
  if (found) return { status: 200, body: shown(found) };
  return armError(404, "RoleAssignmentNotFound", `The role assignment '${name}' is not found.`);
}

export function putAssignment(world: World, call: ArmCall, id: string): ArmReply {
  const { roleDefinitionId, principalId, principalType, condition } = fields(fields(call.body).properties);
  const role = String(roleDefinitionId ?? "");
  const principal = String(principalId ?? "").toLowerCase();
  if (!/\/providers\/Microsoft\.Authorization\/roleDefinitions\/[0-9a-f-]{36}$/i.test(role))
    return armError(400, "InvalidRoleDefinitionId", `The role definition ID '${role}' is not valid.`);
  const { servicePrincipals, groups, users } = world.directory;
  if (![servicePrincipals, groups, users].some((all) => all.visible(principal)))
    return armError(400, "PrincipalNotFound", `Principal ${principal} does not exist in the directory.`);
  const own = {
    id: id.toLowerCase(),
    name: id.slice(id.lastIndexOf("/") + 1).toLowerCase(),
    scope: id.slice(0, -(provider.length + 37)) || "/",
    principalId: principal,
    principalType: typeof principalType === "string" ? principalType : "ServicePrincipal",
    roleDefinitionId: role,
    condition: typeof condition === "string" ? condition : null,
    createdOn: new Date(world.now()).toISOString(),
  };
  const refused = conflict(world, own);
  if (refused) return refused;
  world.azure.assignments.put(own);
  return { status: 201, body: shown(own) };
}

/** The same name for something else, or the same role under another name. */
function conflict(world: World, own: AzureRoleAssignment): ArmReply | null {
  const roleOf = (one: AzureRoleAssignment): string => one.roleDefinitionId.slice(-36).toLowerCase();
  const isSame = (one: AzureRoleAssignment): boolean =>
    one.principalId === own.principalId &&
    roleOf(one) === roleOf(own) &&
    one.scope.toLowerCase() === own.scope.toLowerCase();
  const named = world.azure.assignments.latest(own.id);
  if (named && !isSame(named)) {
    const message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.";
    return armError(409, "RoleAssignmentUpdateNotPermitted", message);
  }
  const twin = world.azure.assignments.present(isSame)[0];
  return twin ? armError(409, "RoleAssignmentExists", "The role assignment already exists.") : null;
}

/** 200 with what was there, 204 when nothing was. */
export function deleteAssignment(world: World, id: string): ArmReply {
  const found = world.azure.assignments.visible(id.toLowerCase());
  if (!found) return { status: 204 };
  world.azure.assignments.remove(found.id);
  return { status: 200, body: shown(found) };
}
