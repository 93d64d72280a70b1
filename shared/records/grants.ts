/**
 * Permissions granted to a service principal. The target is the API (often Microsoft Graph itself); who got the permission stands
 * in the property `ServicePrincipal.ObjectID`, and nowhere else can it be told.
 */
import type { AuditTarget } from "./audit-properties.ts";
import { bothValues, guidOf, namedAppId, newValueOf, propertyOf, textOf, unquoted } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, noVictim } from "./audit-record.ts";
import { asGuid, field } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { addedScopes, consentTypeOf } from "./scopes.ts";
import { idOrClaim, onlyTarget, type Victim } from "./victim.ts";

const granteeId = "serviceprincipal.objectid";

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
  return auditEvent(record, victim, { type: "app-role-granted", resourceId, resourceAppId, appRoleId, value });
}

export function readDelegatedGrant(record: AuditRecord): Normalised {
  const grant = grantOf(record);
  if (typeof grant === "string") return noVictim(record, grant);
  const { victim, resourceId, resourceAppId, target } = grant;
  const scope = propertyOf(target.changed, "delegatedpermissiongrant.scope");
  const { oldValue, newValue } = scope === undefined ? { oldValue: null, newValue: null } : bothValues(scope);
  const after = unquoted(newValue);
  if (typeof after !== "string") return ignored("scopes-not-said");
  const before = unquoted(oldValue);
  const scopes = addedScopes(after, typeof before === "string" ? before : "");
  if (scopes.length === 0) return ignored("nothing-changed");
  return auditEvent(record, victim, {
    type: "delegated-grant-added",
    resourceId,
    resourceAppId,
    scopes,
    consentType: consentTypeOf(textOf(target.changed, "delegatedpermissiongrant.consenttype")),
    principalId: guidOf(target.changed, "delegatedpermissiongrant.principalid"),
  });
}

/** The grant, or why nobody can be said to have got it. */
function grantOf({ targets }: AuditRecord): Grant | string {
  const carriers = targets.filter(({ changed }) => propertyOf(changed, granteeId) !== undefined);
  const found = onlyTarget(carriers, "that says to which service principal the permission was granted");
  if (!found.ok) return found.problem;
  const { fields, changed } = found.target;
  const resourceId = asGuid(field(fields, "id"));
  if (resourceId === null) return "The id of the API whose permission was granted is not a GUID.";
  const appId = guidOf(changed, "serviceprincipal.appid");
  const claimedName = textOf(changed, "serviceprincipal.displayname");
  const victim: Victim = {
    object: "servicePrincipal",
    ...idOrClaim(newValueOf(changed, granteeId)),
    appId,
    claimedName,
  };
  return { victim, resourceId, resourceAppId: namedAppId(changed), target: found.target };
}
