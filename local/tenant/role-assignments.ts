/** /roleManagement/directory: role definitions, and active assignments as anybody sees and changes them, PIM or not. */
import { badRequest, type Call, failure, fields, type Handler, noContent, notFound, type Reply } from "./call.ts";
import { type Listed, list, single } from "./odata.ts";
import { emitRoleChange } from "./role-audits.ts";
import { holdingOf, isCurrent, isSameRole, type RoleHolding, type RoleTerms } from "./role-store.ts";
import type { World } from "./world.ts";

const definitionType = "microsoft.graph.unifiedRoleDefinition";
const assignmentType = "microsoft.graph.unifiedRoleAssignment";

/** Properties that every listing of roles can be filtered by. */
export const roleFilters = ["id", "principalId", "roleDefinitionId", "directoryScopeId"] as const;

/** A listing made of some holdings, each in a shape of its own. */
export function viewOf<T extends { readonly id: string }>(
  world: World,
  keep: (holding: RoleHolding) => boolean,
  show: (holding: RoleHolding) => T,
): Listed<T> {
  const { holdings } = world.directory.roles;
  return {
    *scan(from) {
      for (const [ordinal, holding] of holdings.scan(from)) if (keep(holding)) yield [ordinal, show(holding)];
    },
    where: (test) => holdings.where(keep).map(show).filter(test),
  };
}

function shownAssignment({ assignmentId, principalId, roleDefinitionId, directoryScopeId }: RoleHolding) {
  return { id: assignmentId, principalId, roleDefinitionId, directoryScopeId };
}

const isActive = (world: World, holding: RoleHolding): boolean =>
  holding.kind === "active" && isCurrent(world, holding);

function activeOf(world: World): Listed<ReturnType<typeof shownAssignment>> {
  return viewOf(world, (holding) => isActive(world, holding), shownAssignment);
}

function find(world: World, call: Call): RoleHolding | undefined {
  const id = call.params["unifiedRoleAssignment-id"] ?? "";
  const { holdings } = world.directory.roles;
  return holdings.where((holding) => holding.assignmentId === id && isActive(world, holding))[0];
}

/** Who and which role a request names, or why that is not possible. */
export function termsOf(
  world: World,
  body: Readonly<Record<string, unknown>>,
  kind: RoleTerms["kind"],
): Omit<RoleTerms, "startsAt" | "endsAt" | "createdUsing"> | Reply {
  const principalId = String(body.principalId ?? "").toLowerCase();
  const roleDefinitionId = String(body.roleDefinitionId ?? "").toLowerCase();
  const directoryScopeId = body.directoryScopeId;
  const { servicePrincipals, groups, users, roles } = world.directory;
  const known = [servicePrincipals, groups, users].some((all) => all.visible(principalId) !== undefined);
  if (!known) return notFound(principalId);
  if (!roles.definitions.visible(roleDefinitionId)) return notFound(roleDefinitionId);
  if (typeof directoryScopeId !== "string" || !directoryScopeId.startsWith("/"))
    return badRequest("directoryScopeId must be given and begin with '/'.");
  return { kind, principalId, roleDefinitionId, directoryScopeId };
}

function assign(world: World, call: Call): Reply {
  const terms = termsOf(world, fields(call.body), "active");
  if ("status" in terms) return terms;
  const { holdings } = world.directory.roles;
  if (holdings.where((one) => isSameRole(one, terms) && isCurrent(world, one)).length > 0)
    return badRequest("A conflicting object with one or more of the specified property values is present.");
  const holding = holdingOf(world, { ...terms, startsAt: world.now(), endsAt: null, createdUsing: null });
  holdings.put(holding);
  emitRoleChange(world, call, holding, "Add", null, true);
  return { status: 201, body: shownAssignment(holding) };
}

function unassign(world: World, call: Call): Reply {
  const holding = find(world, call);
  if (!holding) return notFound(call.params["unifiedRoleAssignment-id"] ?? "");
  world.directory.roles.holdings.remove(holding.id);
  emitRoleChange(world, call, holding, "Remove", null, true);
  return noContent;
}

/** Roles held through groups, too; Graph wants the advanced query for it. */
function transitive(world: World, call: Call): Reply {
  if (call.headers.consistencylevel !== "eventual" || call.query.get("$count") !== "true")
    return badRequest("This needs $count=true and the header ConsistencyLevel: eventual.");
  const asked = /^\s*principalId eq '([0-9a-f-]{36})'\s*$/i.exec(call.query.get("$filter") ?? "")?.[1]?.toLowerCase();
  if (asked === undefined) return badRequest("$filter must be principalId eq '{id}'.");
  const { memberships, roles } = world.directory;
  const holders = new Set([asked, ...memberships.where((one) => one.memberId === asked).map((one) => one.groupId)]);
  const value = roles.holdings
    .where((holding) => isActive(world, holding) && holders.has(holding.principalId))
    .map(shownAssignment);
  const context = `${call.baseUrl}/${call.version}/$metadata#${assignmentType}`;
  return { status: 200, body: { "@odata.context": context, "@odata.count": value.length, value } };
}

export const roleHandlers = {
  listDefinitions: (world, call) =>
    list(world, call, world.directory.roles.definitions, {
      type: definitionType,
      filterable: ["id", "templateId", "displayName", "isBuiltIn"],
    }),
  getDefinition(world, call) {
    const found = world.directory.roles.definitions.visible(call.params["unifiedRoleDefinition-id"] ?? "");
    return found
      ? single(world, call, found, definitionType)
      : failure(404, "Request_ResourceNotFound", "The role definition was not found.");
  },
  listAssignments: (world, call) =>
    list(world, call, activeOf(world), { type: assignmentType, filterable: roleFilters }),
  getAssignment(world, call) {
    const found = find(world, call);
    return found
      ? single(world, call, shownAssignment(found), assignmentType)
      : notFound(call.params["unifiedRoleAssignment-id"] ?? "");
  },
  assign,
  unassign,
  transitive,
} satisfies Record<string, Handler>;
