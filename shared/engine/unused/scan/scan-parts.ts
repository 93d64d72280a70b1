/** What is asked of Graph for each part of a scan, and what is kept of it. Lists only, the largest pages, and only fields that are used. */
import type { z } from "zod";
import type { ApiRequest } from "../../../ports/tenant.ts";
import {
  ApplicationRow,
  applicationRow,
  grantRow,
  KeyUseRow,
  keyUseRow,
  PairRow,
  PrincipalRow,
  permissionRow,
  principalRow,
  ReportedRow,
  reportedRow,
  roleRow,
} from "./scan-rows.ts";
import type { ScanPart } from "./scan-state.ts";

interface PartOfScan<T extends z.ZodType> {
  readonly request: ApiRequest;
  /** Null: not of its shape. */
  row(item: unknown): z.output<T> | null;
  readonly Row: T;
  /** one row that cannot be read spoils it: what stands in it could be about anybody */
  readonly whole: boolean;
}

const principals =
  "id,appId,accountEnabled,displayName,appOwnerOrganizationId,servicePrincipalType,signInAudience,preferredSingleSignOnMode,loginUrl,replyUrls,tags,passwordCredentials,keyCredentials";
const applications =
  "id,appId,displayName,signInAudience,createdDateTime,tags,web,spa,publicClient,isFallbackPublicClient,api,passwordCredentials,keyCredentials";
const graph = "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')";

function get(path: string, lane: ApiRequest["lane"], version: ApiRequest["version"] = "v1.0"): ApiRequest {
  return { method: "GET", version, path, lane };
}

function part<T extends z.ZodType>(
  request: ApiRequest,
  Row: T,
  row: (item: unknown) => z.output<T> | null,
  whole = false,
): PartOfScan<T> {
  return { request, row, Row, whole };
}

/** `keyCredentials` in `$select` costs its own lane of 150 requests a minute (servicePrincipal resource, throttling). */
export const scanParts = {
  "service-principals": part(
    get(`/servicePrincipals?$select=${principals}&$top=999`, "key-credentials"),
    PrincipalRow,
    principalRow,
  ),
  applications: part(
    get(`/applications?$select=${applications}&$top=999`, "key-credentials"),
    ApplicationRow,
    applicationRow,
  ),
  "delegated-grants": part(
    get("/oauth2PermissionGrants?$select=clientId,resourceId&$top=999", "directory"),
    PairRow,
    grantRow,
    true,
  ),
  "graph-permissions": part(
    get(`${graph}/appRoleAssignedTo?$select=principalId,appRoleId&$top=999`, "directory"),
    PairRow,
    permissionRow,
    true,
  ),
  // it takes no $top
  "directory-roles": part(
    get("/roleManagement/directory/roleAssignments?$select=principalId,roleDefinitionId", "directory"),
    PairRow,
    roleRow,
    true,
  ),
  "sign-in-activities": part(
    get("/reports/servicePrincipalSignInActivities?$top=999", "reports", "beta"),
    ReportedRow,
    reportedRow,
  ),
  "credential-activities": part(
    get("/reports/appCredentialSignInActivities?$top=999", "reports", "beta"),
    KeyUseRow,
    keyUseRow,
  ),
} satisfies Record<ScanPart, PartOfScan<z.ZodType>>;
