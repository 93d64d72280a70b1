/**
 * Permissions granted to a service principal. The target is the API (often Microsoft Graph itself); who got the permission stands
 * in its property `ServicePrincipal.ObjectID`, or is the one other service principal of a record whose API has no such property.
 */
import type { AuditTarget } from "./audit-properties.ts";
import { bothValues, guidOf, namedAppId, newValueOf, propertyOf, soleValue, textOf } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, noVictim } from "./audit-record.ts";
import { asGuid, asText, type Fields, field } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { addedScopes, consentTypeOf } from "./scopes.ts";
import { type Found, idOrClaim, onlyTarget, type Victim } from "./victim.ts";

const granteeId = "serviceprincipal.objectid";
/** How the activity `Add OAuth2PermissionGrant` of older tenants may name the properties, too. */
const grantNames = ["delegatedpermissiongrant", "oauth2permissiongrant"] as const;
/** What stands for being let in at all, without any permission (Microsoft Graph, appRoleAssignment). */
const defaultAccess = "00000000-0000-0000-0000-000000000000";

interface Grant {
  readonly victim: Victim;
  readonly resourceId: string;
  readonly resourceAppId: string | null;
  readonly target: AuditTarget;
}

export function readAppRoleGrant(record: AuditRecord): Normalised {
  const grant = grantOf(record);
  if (typeof grant === "string") return noVictim(record, grant);
  const { victim, resourceId, resourceAppId, target } = grant;
  const appRoleId = guidOf(target.changed, "approle.id");
  const value = textOf(target.changed, "approle.value");
  const given = newValueOf(target.changed, "approle.id");
  if (value === null && typeof given === "string" && given.trim() === defaultAccess) return ignored("default-access");
  return auditEvent(record, victim, { type: "app-role-granted", resourceId, resourceAppId, appRoleId, value });
}

export function readDelegatedGrant(record: AuditRecord): Normalised {
  const grant = grantOf(record);
  if (typeof grant === "string") return noVictim(record, grant);
  const { victim, resourceId, resourceAppId, target } = grant;
  const prefix = grantNames.find((name) => propertyOf(target.changed, `${name}.scope`) !== undefined) ?? grantNames[0];
  const scope = propertyOf(target.changed, `${prefix}.scope`);
  const { oldValue, newValue } = scope === undefined ? { oldValue: null, newValue: null } : bothValues(scope);
  const after = soleValue(newValue);
  if (typeof after !== "string") return ignored("scopes-not-said");
  const before = soleValue(oldValue);
  const scopes = addedScopes(after, typeof before === "string" ? before : "");
  if (scopes.length === 0) return ignored("nothing-changed");
  return auditEvent(record, victim, {
    type: "delegated-grant-added",
    resourceId,
    resourceAppId,
    scopes,
    consentType: consentTypeOf(textOf(target.changed, `${prefix}.consenttype`)),
    principalId: guidOf(target.changed, `${prefix}.principalid`),
  });
}

/** The grant, or why nobody can be said to have got it. */
function grantOf({ targets }: AuditRecord): Grant | string {
  const carriers = targets.filter(({ changed }) => propertyOf(changed, granteeId) !== undefined);
  const apis = carriers.length > 0 ? carriers : targets.filter(({ changed }) => isOfGrant(changed));
  const found = onlyTarget(apis, "that says to which service principal the permission was granted");
  if (!found.ok) return found.problem;
  const other = carriers.length > 0 ? null : otherPrincipal(targets, found.target);
  if (other?.ok === false) return other.problem;
  const { fields, changed } = found.target;
  const resourceId = asGuid(field(fields, "id"));
  if (resourceId === null) return "The id of the API whose permission was granted is not a GUID.";
  const appId = guidOf(changed, "serviceprincipal.appid");
  const claimedName = textOf(changed, "serviceprincipal.displayname");
  const victim: Victim = {
    object: "servicePrincipal",
    ...idOrClaim(other === null ? newValueOf(changed, granteeId) : field(other.target.fields, "id")),
    appId: other === null ? appId : namedAppId(other.target.changed),
    claimedName: other === null ? claimedName : asText(field(other.target.fields, "displayName")),
  };
  return { victim, resourceId, resourceAppId: namedAppId(changed), target: found.target };
}

function isOfGrant(changed: readonly Fields[]): boolean {
  const names = ["approle.id", "approle.value", ...grantNames.map((name) => `${name}.scope`)];
  return names.some((name) => propertyOf(changed, name) !== undefined);
}

function otherPrincipal(targets: readonly AuditTarget[], api: AuditTarget): Found {
  const others = targets.filter((target) => target !== api && target.type === "serviceprincipal");
  return onlyTarget(others, "that says to which service principal the permission was granted");
}
