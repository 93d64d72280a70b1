/** The reads actions and the engine share, so that one snapshot serves them all. */
import type { IdentityRef } from "../domain/identity.ts";
import { ServicePrincipal } from "../domain/snapshot.ts";
import { type ApiRequest, apiPath, odataString } from "../ports/tenant.ts";
import type { Snapshot } from "./action.ts";

const servicePrincipalFields = [
  "id",
  "appId",
  "accountEnabled",
  "displayName",
  "appOwnerOrganizationId",
  "servicePrincipalType",
  "signInAudience",
  "preferredSingleSignOnMode",
  "disabledByMicrosoftStatus",
  "alternativeNames",
  "verifiedPublisher",
  "passwordCredentials",
].join(",");

const applicationFields = "id,appId,displayName,signInAudience,createdDateTime,passwordCredentials";

function get(path: string, lane: ApiRequest["lane"] = "directory"): ApiRequest {
  return { method: "GET", version: "v1.0", path, lane };
}

/** By object id where known, else by appId: Graph takes both, on sub-paths too. */
export function servicePrincipalPath(identity: IdentityRef): string {
  if (identity.servicePrincipalId !== null) return apiPath`/servicePrincipals/${identity.servicePrincipalId}`;
  return `/servicePrincipals(appId=${odataString(identity.appId ?? "")})`;
}

/** Without `keyCredentials`: selecting them costs a lane of 150 a minute (servicePrincipal resource, throttling). */
export function servicePrincipalRead(identity: IdentityRef): ApiRequest {
  return get(`${servicePrincipalPath(identity)}?$select=${servicePrincipalFields}`);
}

/** The service principal in the snapshot; null: Graph says it is not there. Throws when the body has another shape. */
export function shownServicePrincipal(snapshot: Snapshot): ServicePrincipal | null {
  return ServicePrincipal.nullable().parse(snapshot.body(servicePrincipalRead(snapshot.identity)));
}

export function applicationRead(identity: IdentityRef): ApiRequest {
  if (identity.appId === null && identity.applicationObjectId !== null) {
    const path = apiPath`/applications/${identity.applicationObjectId}`;
    return get(`${path}?$select=${applicationFields}`);
  }
  return get(`/applications(appId=${odataString(identity.appId ?? "")})?$select=${applicationFields}`);
}

/** Key credentials come only with `$select` on a single object. */
export function keyCredentialsRead(object: "application" | "servicePrincipal", identity: IdentityRef): ApiRequest {
  const path =
    object === "servicePrincipal"
      ? servicePrincipalPath(identity)
      : `/applications(appId=${odataString(identity.appId ?? "")})`;
  return get(`${path}?$select=id,appId,keyCredentials`, "key-credentials");
}

/** Who may use it: users, groups and client applications. Never a list of things to delete. */
export function assignedToRead(identity: IdentityRef): ApiRequest {
  return get(`${servicePrincipalPath(identity)}/appRoleAssignedTo?$top=100`);
}

/** Application permissions that it holds: the most of what an attacker can use, and what its tier is read from. */
export function heldAppRolesRead(identity: IdentityRef): ApiRequest {
  return get(`${servicePrincipalPath(identity)}/appRoleAssignments?$top=100`);
}

export function delegatedGrantsRead(identity: IdentityRef): ApiRequest {
  return get(`${servicePrincipalPath(identity)}/oauth2PermissionGrants?$top=100`);
}

export function riskyServicePrincipalRead(servicePrincipalId: string): ApiRequest {
  return get(apiPath`/identityProtection/riskyServicePrincipals/${servicePrincipalId}`, "identity-protection");
}
