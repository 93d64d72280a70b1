/** Rows of Log Analytics tables → the records they were made of. Columns are Pascal case, dynamic ones may be JSON text. */
import { type Fields, field, isFields, structured } from "../../../shared/records/fields.ts";
import { type Exported, exported } from "./record.ts";

/** Table → the category of the diagnostic setting that fills it (Azure Monitor table reference). */
const categories: ReadonlyMap<string, string> = new Map([
  ["auditlogs", "AuditLogs"],
  ["aadserviceprincipalsigninlogs", "ServicePrincipalSignInLogs"],
  ["aadmanagedidentitysigninlogs", "ManagedIdentitySignInLogs"],
  ["aadriskyserviceprincipals", "RiskyServicePrincipals"],
  ["aadserviceprincipalriskevents", "ServicePrincipalRiskEvents"],
  ["aadriskyagents", "RiskyAgents"],
  ["aadagentriskevents", "AgentRiskEvents"],
]);

/** Columns with objects or lists, which CSV and the query API give as text. */
const dynamicColumns = [
  "AdditionalDetails",
  "InitiatedBy",
  "TargetResources",
  "LocationDetails",
  "ConditionalAccessPolicies",
  "ConditionalAccessPoliciesV2",
  "ManagedServiceIdentity",
  "Status",
  "KeyIds",
  "Agent",
];

/** Null: no row of a table. */
export function fromLogAnalytics(row: Fields): Exported | null {
  const category = tableOf(row);
  if (category === null) return null;
  const tenantId = tenantOf(row);
  const properties: Record<string, unknown> = { ...row, ...parsedColumns(row) };
  for (const column of ["TenantId", "ResourceId", "_ResourceId", "Category", "Type"]) delete properties[column];
  // what the record calls `resourceId` is not what the table does
  const resource = field(row, "ResourceIdentity");
  if (typeof resource === "string" && resource !== "") properties.resourceId = resource;
  if (isFields(properties.LocationDetails)) {
    properties.location = properties.LocationDetails;
    delete properties.Location;
  }
  // newer rows have them in the second column, and nothing in the first
  const policies = [properties.ConditionalAccessPolicies, properties.ConditionalAccessPoliciesV2].filter(Array.isArray);
  const applied = policies.find((list) => list.length > 0);
  if (applied !== undefined) properties.appliedConditionalAccessPolicies = applied;
  const record = {
    time: plainTime(field(row, "TimeGenerated")),
    category,
    operationName: field(row, "OperationName") ?? field(row, "ActivityDisplayName") ?? category,
    resultType: field(row, "ResultType"),
    correlationId: field(row, "CorrelationId"),
    ...(tenantId === null ? {} : { tenantId }),
    properties,
  };
  return exported(record, tenantId === null);
}

/** By its `Type`; a projection that left it out, by columns that no other shape has. */
function tableOf(row: Fields): string | null {
  const type = field(row, "Type");
  const isRow = ["TimeGenerated", "_ResourceId", "SourceSystem"].some((column) => Object.hasOwn(row, column));
  if (typeof type === "string" && (isRow || categories.has(type.toLowerCase())))
    return categories.get(type.toLowerCase()) ?? type;
  if (!isRow) return null;
  const has = (...columns: string[]) => columns.every((column) => Object.hasOwn(row, column));
  if (has("TargetResources") && (has("OperationName") || has("ActivityDisplayName"))) return "AuditLogs";
  if (has("RiskEventType", "ServicePrincipalId")) return "ServicePrincipalRiskEvents";
  if (has("RiskLastUpdatedDateTime", "RiskState")) return "RiskyServicePrincipals";
  const isSignIn = has("ServicePrincipalId", "AppId") && has("ResultType");
  return isSignIn ? "ServicePrincipalSignInLogs" : null;
}

/** The column `TenantId` is the workspace. */
function tenantOf(row: Fields): string | null {
  const named = field(row, "AADTenantId");
  if (typeof named === "string" && named !== "") return named;
  for (const column of ["_ResourceId", "ResourceId"]) {
    const id = field(row, column);
    const tenant = typeof id === "string" ? /\/tenants\/([^/]+)/i.exec(id)?.[1] : undefined;
    if (tenant !== undefined) return tenant;
  }
  return null;
}

function parsedColumns(row: Fields): Record<string, unknown> {
  const found = dynamicColumns.filter((column) => Object.hasOwn(row, column));
  return Object.fromEntries(found.map((column) => [column, structured(row[column])]));
}

/** The portal writes `6/14/2022, 9:20:11.123 AM`. */
function plainTime(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/^(\d{1,2}\/\d{1,2}\/\d{4}), /, "$1 ") : value;
}
