/** What the foothold actions read: whole collections. */
import type { IdentityRef } from "../domain/identity.ts";
import { type ApiRequest, apiPath, odataString } from "../ports/tenant.ts";
import { applicationRead, servicePrincipalPath, servicePrincipalRead } from "./reads.ts";

export type OwnObject = "servicePrincipal" | "application";

function everyPage(path: string, version: ApiRequest["version"] = "v1.0"): ApiRequest {
  return { method: "GET", version, path, lane: "directory", allPages: true };
}

function one(path: string): ApiRequest {
  return { method: "GET", version: "v1.0", path, lane: "directory" };
}

/** The identity's own object itself: that it is there, and under which id. */
export function ownObjectRead(object: OwnObject, identity: IdentityRef): ApiRequest {
  return object === "application" ? applicationRead(identity) : servicePrincipalRead(identity);
}

export function everyAppRoleRead(identity: IdentityRef): ApiRequest {
  return everyPage(`${servicePrincipalPath(identity)}/appRoleAssignments?$top=999`);
}

export function everyGrantRead(identity: IdentityRef): ApiRequest {
  return everyPage(`${servicePrincipalPath(identity)}/oauth2PermissionGrants?$top=999`);
}

/** From beta: v1.0 shows a flexible credential without its expression, and what is not seen cannot be put back. */
export function federatedCredentialsRead(applicationId: string): ApiRequest {
  return everyPage(apiPath`/applications/${applicationId}/federatedIdentityCredentials`, "beta");
}

export function ownersRead(object: OwnObject, identity: IdentityRef): ApiRequest {
  const path = object === "application" ? applicationPath(identity) : servicePrincipalPath(identity);
  return everyPage(`${path}/owners?$select=id&$top=999`);
}

function applicationPath({ appId, applicationObjectId }: IdentityRef): string {
  if (appId === null && applicationObjectId !== null) return apiPath`/applications/${applicationObjectId}`;
  return `/applications(appId=${odataString(appId ?? "")})`;
}

export function ownedObjectsRead(identity: IdentityRef): ApiRequest {
  return everyPage(`${servicePrincipalPath(identity)}/ownedObjects?$select=id&$top=999`);
}

/** Direct memberships: of groups, directory roles and administrative units. */
export function membershipsRead(identity: IdentityRef): ApiRequest {
  return everyPage(`${servicePrincipalPath(identity)}/memberOf?$select=id,isAssignableToRole,securityEnabled&$top=999`);
}

/** The application permissions that an API offers: a permission's value becomes its id. */
export function offeredAppRolesRead(resourceId: string): ApiRequest {
  return one(`${apiPath`/servicePrincipals/${resourceId}`}?$select=id,appRoles`);
}

/** Is this object still there? */
export function existsRead(collection: "servicePrincipals" | "applications" | "groups", id: string): ApiRequest {
  return one(`${apiPath`/${collection}/${id}`}?$select=id`);
}
