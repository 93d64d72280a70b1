/** Delegated permission grants: one for each client, resource, consent type and user. */
import type { Grant } from "./harness-directory-items.ts";
import { done, has, newId, notFound, type Part, page, refused, removeFrom } from "./harness-directory-types.ts";

export const grants: Part = (directory, { method, segments, body, query }) => {
  const [collection, id, navigation] = segments;
  if (navigation === "oauth2PermissionGrants" && method === "GET") {
    if (!has(directory.servicePrincipals, id)) return notFound;
    return page(directory.grants.filter(({ clientId }) => clientId === id));
  }
  if (collection !== "oauth2PermissionGrants") return null;
  if (method === "GET" && id === undefined) {
    const resourceId = /^resourceId eq '(.*)'$/.exec(query.get("$filter") ?? "")?.[1];
    return page(directory.grants.filter((one) => one.resourceId === resourceId));
  }
  if (method === "POST") {
    const { clientId, resourceId, consentType, scope, principalId = null } = body as unknown as Grant;
    const wanted: Grant = { id: newId(directory), clientId, resourceId, consentType, principalId, scope };
    if (!has(directory.servicePrincipals, clientId) || !has(directory.servicePrincipals, resourceId)) return refused;
    if (directory.grants.some((one) => keyOf(one) === keyOf(wanted))) return { ...refused, status: 409 };
    directory.grants.push(wanted);
    return { ...done, status: 201 };
  }
  if (method === "DELETE") return removeFrom(directory.grants, (one) => one.id === id);
  const index = directory.grants.findIndex((one) => one.id === id);
  const grant = directory.grants[index];
  if (method !== "PATCH" || Object.keys(body).join() !== "scope")
    throw new Error("only the scope of a grant is changed");
  if (grant === undefined) return notFound;
  directory.grants[index] = { ...grant, scope: String(body.scope) };
  return done;
};

function keyOf({ clientId, resourceId, consentType, principalId }: Grant): string {
  return [clientId, resourceId, consentType, principalId].join();
}
