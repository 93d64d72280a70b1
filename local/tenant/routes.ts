/** Which paths the twin serves. The OpenAPI data next to it holds exactly these (see openapi/subset.ts). */
import { applicationHandlers as applications } from "./applications.ts";
import type { Handler } from "./call.ts";
import { conditionalAccessHandlers as policies } from "./conditional-access.ts";
import type { GraphVersion } from "./description.ts";
import { grantHandlers as grants } from "./grants.ts";
import { readHandlers as reads } from "./reads.ts";
import { riskHandlers as risk } from "./risk.ts";
import { roleHandlers as roles } from "./role-assignments.ts";
import { roleScheduleHandlers as schedules } from "./role-schedules.ts";
import { servicePrincipalHandlers as principals } from "./service-principals.ts";

type Routes = Readonly<Record<string, Handler>>;

/** Both addressing forms of one object: `/x/{x-id}…` and `/x(appId='{appId}')…`. */
function bothForms(collection: string, parameter: string, routes: Routes): Routes {
  const forms = [`/${collection}/{${parameter}}`, `/${collection}(appId='{appId}')`];
  return Object.fromEntries(
    Object.entries(routes).flatMap(([key, handler]) => {
      const [method = "", rest = ""] = key.split(" ");
      return forms.map((form) => [`${method} ${form}${rest}`, handler] as const);
    }),
  );
}

const identityProtection: Routes = {
  "GET /identityProtection/riskyServicePrincipals": risk.listRisky,
  "GET /identityProtection/riskyServicePrincipals/{riskyServicePrincipal-id}": risk.getRisky,
  "POST /identityProtection/riskyServicePrincipals/confirmCompromised": risk.confirm,
  "POST /identityProtection/riskyServicePrincipals/dismiss": risk.dismiss,
  "GET /identityProtection/servicePrincipalRiskDetections": risk.listDetections,
  "GET /identityProtection/servicePrincipalRiskDetections/{servicePrincipalRiskDetection-id}": risk.getDetection,
};

const roleManagement: Routes = {
  "GET /roleManagement/directory/roleDefinitions": roles.listDefinitions,
  "GET /roleManagement/directory/roleDefinitions/{unifiedRoleDefinition-id}": roles.getDefinition,
  "GET /roleManagement/directory/roleAssignments": roles.listAssignments,
  "POST /roleManagement/directory/roleAssignments": roles.assign,
  "GET /roleManagement/directory/roleAssignments/{unifiedRoleAssignment-id}": roles.getAssignment,
  "DELETE /roleManagement/directory/roleAssignments/{unifiedRoleAssignment-id}": roles.unassign,
  "GET /roleManagement/directory/transitiveRoleAssignments": roles.transitive,
  "GET /roleManagement/directory/roleAssignmentSchedules": schedules.listAssignmentSchedules,
  "GET /roleManagement/directory/roleAssignmentScheduleInstances": schedules.listAssignmentInstances,
  "POST /roleManagement/directory/roleAssignmentScheduleRequests": schedules.requestAssignment,
  "GET /roleManagement/directory/roleEligibilitySchedules": schedules.listEligibilitySchedules,
  "GET /roleManagement/directory/roleEligibilityScheduleInstances": schedules.listEligibilityInstances,
  "POST /roleManagement/directory/roleEligibilityScheduleRequests": schedules.requestEligibility,
};

const conditionalAccess: Routes = {
  "GET /identity/conditionalAccess/policies": policies.list,
  "POST /identity/conditionalAccess/policies": policies.create,
  "GET /identity/conditionalAccess/policies/{conditionalAccessPolicy-id}": policies.get,
  "PATCH /identity/conditionalAccess/policies/{conditionalAccessPolicy-id}": policies.change,
  "DELETE /identity/conditionalAccess/policies/{conditionalAccessPolicy-id}": policies.remove,
};

const v1: Routes = {
  "GET /servicePrincipals": principals.list,
  ...bothForms("servicePrincipals", "servicePrincipal-id", {
    GET: principals.get,
    PATCH: principals.patch,
    DELETE: principals.delete,
    "POST /addPassword": principals.addPassword,
    "POST /removePassword": principals.removePassword,
    "GET /appRoleAssignments": grants.heldBy,
    "GET /appRoleAssignedTo": grants.grantedOn,
    "POST /appRoleAssignedTo": grants.assign,
    "DELETE /appRoleAssignments/{appRoleAssignment-id}": grants.removeHeld,
    "DELETE /appRoleAssignedTo/{appRoleAssignment-id}": grants.removeGranted,
    "GET /oauth2PermissionGrants": grants.ofClient,
    "GET /owners": grants.ownersOfServicePrincipal,
  }),
  "GET /applications": applications.list,
  ...bothForms("applications", "application-id", {
    GET: applications.get,
    PATCH: applications.patch,
    DELETE: applications.delete,
    "POST /addPassword": applications.addPassword,
    "POST /removePassword": applications.removePassword,
    "GET /owners": grants.ownersOfApplication,
  }),
  "GET /oauth2PermissionGrants": grants.list,
  "DELETE /oauth2PermissionGrants/{oAuth2PermissionGrant-id}": grants.removeGrant,
  ...identityProtection,
  ...roleManagement,
  ...conditionalAccess,
  "GET /auditLogs/directoryAudits": reads.listAudits,
  "GET /auditLogs/directoryAudits/{directoryAudit-id}": reads.getAudit,
  "GET /directory/deletedItems/microsoft.graph.servicePrincipal": reads.listDeletedServicePrincipals,
  "GET /directory/deletedItems/microsoft.graph.application": reads.listDeletedApplications,
  "GET /directory/deletedItems/{directoryObject-id}": reads.getDeleted,
  "DELETE /directory/deletedItems/{directoryObject-id}": reads.purge,
  "POST /directory/deletedItems/{directoryObject-id}/restore": reads.restore,
  "GET /organization": reads.organization,
};

const beta: Routes = {
  "GET /applications/{application-id}": applications.get,
  "GET /reports/servicePrincipalSignInActivities": reads.listSignInActivities,
  "GET /reports/appCredentialSignInActivities": reads.listCredentialActivities,
};

export const routes: Readonly<Record<GraphVersion, Routes>> = { "v1.0": v1, beta };
