/** What people export by other ways than the hub, as the record that the hub would carry: Graph's objects, Log Analytics' rows. */
import { type Fields, field } from "../../shared/records/fields.ts";

/** Of records that name no tenant. */
export const standInTenant = "5611623b-9128-461e-9d7f-a0d9c270ead2";
/** Of rows whose query left out every column of time: any day will do, for nothing is late in a corpus. */
const standInTime = "2021-08-17T00:00:00Z";

/** Tables of Log Analytics, in small letters (Azure Monitor reference), to the category whose records they keep. */
const tables = new Map([
  ["auditlogs", "AuditLogs"],
  ["aadserviceprincipalsigninlogs", "ServicePrincipalSignInLogs"],
  ["aadmanagedidentitysigninlogs", "ManagedIdentitySignInLogs"],
  ["aadriskyserviceprincipals", "RiskyServicePrincipals"],
  ["aadserviceprincipalriskevents", "ServicePrincipalRiskEvents"],
]);

/** A record that is one already stays as it is. */
export function asHubRecord(fields: Fields): Fields {
  const table = tables.get(String(field(fields, "Type")).toLowerCase());
  if (table !== undefined) return fromRow(fields, table);
  const category = field(fields, "category") === undefined ? graphCategory(fields) : null;
  return category === null ? fields : { category, tenantId: standInTenant, properties: fields };
}

function fromRow(row: Fields, category: string): Fields {
  const text = (column: string) => field(row, column) || undefined;
  const time = text("TimeGenerated") ?? text("ActivityDateTime") ?? standInTime;
  // TenantId is the workspace's
  const tenantId = text("AADTenantId") ?? standInTenant;
  return { category, time, tenantId, operationName: text("OperationName"), properties: row };
}

function graphCategory(fields: Fields): string | null {
  const has = (...keys: readonly string[]) => keys.every((key) => field(fields, key) !== undefined);
  if (has("riskEventType", "servicePrincipalId")) return "ServicePrincipalRiskEvents";
  if (has("riskState", "riskLevel", "appId")) return "RiskyServicePrincipals";
  return null;
}
