/** Items of Microsoft Graph's lists (directoryAudits, signIns, Identity Protection) → records of the category they belong to. */
import { asText, type Fields, field, isFields } from "../../../shared/records/fields.ts";
import { type Exported, exported } from "./record.ts";

/** By the last word of `@odata.context`; sign-ins are told apart by the item. */
const collections: readonly (readonly [RegExp, string | null])[] = [
  [/directoryaudits/i, "AuditLogs"],
  [/riskyserviceprincipals/i, "RiskyServicePrincipals"],
  [/serviceprincipalriskdetections/i, "ServicePrincipalRiskEvents"],
  [/riskyagents/i, "RiskyAgents"],
  [/agentriskdetections/i, "AgentRiskEvents"],
  [/riskyusers/i, "RiskyUsers"],
  [/riskdetections/i, "UserRiskEvents"],
  [/signins/i, null],
];

/** Null: it is no item of these lists. */
export function fromGraph(item: Fields, context: unknown): Exported | null {
  const category = categoryOf(item, context);
  if (category === null) return null;
  const record = {
    category,
    operationName: field(item, "activityDisplayName") ?? category,
    ...(isFields(field(item, "status")) ? { resultType: field(field(item, "status") as Fields, "errorCode") } : {}),
    properties: item,
  };
  return exported(record, true);
}

function categoryOf(item: Fields, context: unknown): string | null {
  const named =
    typeof context === "string" ? collections.find(([pattern]) => pattern.test(lastOf(context))) : undefined;
  if (named !== undefined) return named[1] ?? signInCategory(item);
  return categoryByShape(item);
}

/** `…/$metadata#auditLogs/directoryAudits(id,activityDisplayName)` */
function lastOf(context: string): string {
  return context.slice(context.lastIndexOf("#") + 1).split("(")[0] ?? "";
}

/** Without a context: the members that only items of that list have. */
function categoryByShape(item: Fields): string | null {
  const has = (...names: string[]) => names.every((name) => field(item, name) !== undefined);
  if (has("activityDisplayName", "targetResources")) return "AuditLogs";
  const isOfAgent = has("agentId") || has("identityId") || has("agentDisplayName");
  if (has("riskEventType", "detectedDateTime")) {
    if (isOfAgent) return "AgentRiskEvents";
    return has("servicePrincipalId") ? "ServicePrincipalRiskEvents" : "UserRiskEvents";
  }
  if (has("riskState", "riskLastUpdatedDateTime")) {
    if (isOfAgent) return "RiskyAgents";
    return has("userPrincipalName") ? "RiskyUsers" : "RiskyServicePrincipals";
  }
  return has("appId", "createdDateTime", "status") ? signInCategory(item) : null;
}

function signInCategory(item: Fields): string {
  const types = field(item, "signInEventTypes");
  const kinds = Array.isArray(types) ? types.map((type) => asText(type)?.toLowerCase()) : [];
  if (kinds.includes("managedidentity")) return "ManagedIdentitySignInLogs";
  if (kinds.includes("serviceprincipal")) return "ServicePrincipalSignInLogs";
  const hasUser = Boolean(field(item, "userId")) || kinds.length > 0;
  return !hasUser && field(item, "servicePrincipalId") ? "ServicePrincipalSignInLogs" : "SignInLogs";
}
