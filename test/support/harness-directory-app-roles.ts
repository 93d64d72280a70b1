/** Application permissions: listed at the client that holds them and at the API, created and deleted at the API. */
import {
  type Call,
  type Directory,
  done,
  has,
  newId,
  notFound,
  type Part,
  page,
  refused,
  removeFrom,
} from "./harness-directory-types.ts";

export const appRoles: Part = (directory, call) => {
  const [collection, id, navigation, assignmentId] = call.segments;
  if (collection !== "servicePrincipals") return null;
  if (navigation !== "appRoleAssignments" && navigation !== "appRoleAssignedTo") return null;
  if (!has(directory.servicePrincipals, id)) return notFound;
  const all = directory.appRoleAssignments;
  if (call.method === "GET") {
    const member = navigation === "appRoleAssignments" ? "principalId" : "resourceId";
    return page(all.filter((one) => one[member] === id));
  }
  if (navigation === "appRoleAssignments") throw new Error("assignments are changed at the resource");
  if (call.method === "DELETE") return removeFrom(all, (one) => one.id === assignmentId && one.resourceId === id);
  return call.method === "POST" ? assign(directory, call, String(id)) : null;
};

function assign(directory: Directory, { body }: Call, resourceId: string): typeof done {
  const { principalId, appRoleId } = body;
  if (body.resourceId !== resourceId || typeOf(directory, principalId) === null) return refused;
  const isThere = directory.appRoleAssignments.some(
    (one) => one.principalId === principalId && one.resourceId === resourceId && one.appRoleId === appRoleId,
  );
  if (isThere) return refused;
  directory.appRoleAssignments.push({
    id: newId(directory),
    principalId: String(principalId),
    principalType: typeOf(directory, principalId) ?? "",
    resourceId,
    appRoleId: String(appRoleId),
  });
  return { ...done, status: 201 };
}

function typeOf({ groups, servicePrincipals, users }: Directory, id: unknown): string | null {
  if (has(servicePrincipals, id)) return "ServicePrincipal";
  if (has(users, id)) return "User";
  return has(groups, id) ? "Group" : null;
}
