/** Which paths the twin serves. The OpenAPI data next to it holds exactly these (see openapi/subset.ts). */

import { agentRiskHandlers as agentRisk } from "./agent-risk.ts";
import { agentHandlers as agents } from "./agents.ts";
import { appRoleHandlers as appRoles } from "./app-roles.ts";
import { applicationHandlers as applications } from "./applications.ts";
import type { Handler } from "./call.ts";
import { conditionalAccessHandlers as policies } from "./conditional-access.ts";
import { creationHandlers as creation } from "./create-objects.ts";
import type { GraphVersion } from "./description.ts";
import { federatedCredentialHandlers as federated } from "./federated-credentials.ts";
import { groupHandlers as groups } from "./groups.ts";
import { listSkus } from "./licences.ts";
import { namedLocationHandlers as namedLocations } from "./named-locations.ts";
import { ownershipHandlers as owners } from "./ownership.ts";
import { permissionGrantHandlers as grants } from "./permission-grants.ts";
import { readHandlers as reads } from "./reads.ts";
import { riskHandlers as risk } from "./risk.ts";
import { roleHandlers as roles } from "./role-assignments.ts";
import { roleScheduleHandlers as schedules } from "./role-schedules.ts";
import { servicePrincipalHandlers as principals } from "./service-principals.ts";
import { useReportHandlers as useReports } from "./use-reports.ts";

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
  "GET /identity/conditionalAccess/namedLocations": namedLocations.list,
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
    "GET /appRoleAssignments": appRoles.heldBy,
    "POST /appRoleAssignments": appRoles.assign,
    "DELETE /appRoleAssignments/{appRoleAssignment-id}": appRoles.removeHeld,
    "GET /appRoleAssignedTo": appRoles.grantedOn,
    "POST /appRoleAssignedTo": appRoles.assign,
    "DELETE /appRoleAssignedTo/{appRoleAssignment-id}": appRoles.removeGranted,
    "GET /oauth2PermissionGrants": grants.ofClient,
    "GET /owners": owners.ofServicePrincipal,
    "POST /owners/$ref": owners.addToServicePrincipal,
    "DELETE /owners/{directoryObject-id}/$ref": owners.removeFromServicePrincipal,
    "GET /ownedObjects": owners.ownedBy,
    "GET /memberOf": groups.memberOf,
    "GET /transitiveMemberOf": groups.transitiveMemberOf,
  }),
  "GET /applications": applications.list,
  ...bothForms("applications", "application-id", {
    GET: applications.get,
    PATCH: applications.patch,
    DELETE: applications.delete,
    "POST /addPassword": applications.addPassword,
    "POST /removePassword": applications.removePassword,
    "GET /owners": owners.ofApplication,
    "POST /owners/$ref": owners.addToApplication,
    "DELETE /owners/{directoryObject-id}/$ref": owners.removeFromApplication,
    "GET /federatedIdentityCredentials": federated.list,
    "POST /federatedIdentityCredentials": federated.create,
    "GET /federatedIdentityCredentials/{federatedIdentityCredential-id}": federated.get,
    "DELETE /federatedIdentityCredentials/{federatedIdentityCredential-id}": federated.delete,
  }),
  "POST /applications": creation.createApplication,
  "POST /servicePrincipals": creation.createPrincipal,
  "GET /oauth2PermissionGrants": grants.list,
  "POST /oauth2PermissionGrants": grants.create,
  "GET /oauth2PermissionGrants/{oAuth2PermissionGrant-id}": grants.get,
  "PATCH /oauth2PermissionGrants/{oAuth2PermissionGrant-id}": grants.patch,
  "DELETE /oauth2PermissionGrants/{oAuth2PermissionGrant-id}": grants.delete,
  "GET /groups/{group-id}": groups.get,
  "POST /groups/{group-id}/members/$ref": groups.addMember,
  "DELETE /groups/{group-id}/members/{directoryObject-id}/$ref": groups.removeMember,
  "GET /users/{user-id}": groups.getUser,
  "GET /servicePrincipals/microsoft.graph.agentIdentity": agents.listIdentities,
  "GET /servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal": agents.listBlueprintPrincipals,
  "GET /servicePrincipals/{servicePrincipal-id}/microsoft.graph.agentIdentity": agents.getIdentity,
  "PATCH /servicePrincipals/{servicePrincipal-id}/microsoft.graph.agentIdentity": agents.patchIdentity,
  "GET /applications/microsoft.graph.agentIdentityBlueprint": agents.listBlueprints,
  ...identityProtection,
  ...roleManagement,
  ...conditionalAccess,
  "GET /auditLogs/directoryAudits": reads.listAudits,
  "GET /auditLogs/directoryAudits/{directoryAudit-id}": reads.getAudit,
  "GET /directory/deletedItems/microsoft.graph.servicePrincipal": reads.listDeletedServicePrincipals,
  "GET /directory/deletedItems/microsoft.graph.application": reads.listDeletedApplications,
  "GET /directoryObjects/{directoryObject-id}": reads.getObject,
  "GET /directory/deletedItems/{directoryObject-id}": reads.getDeleted,
  "DELETE /directory/deletedItems/{directoryObject-id}": reads.purge,
  "POST /directory/deletedItems/{directoryObject-id}/restore": reads.restore,
  "GET /organization": reads.organization,
  "GET /subscribedSkus": listSkus,
};

const agentProtection: Routes = {
  "GET /identityProtection/riskyAgents": agentRisk.listRisky,
  "GET /identityProtection/riskyAgents/{riskyAgent-id}": agentRisk.getRisky,
  "POST /identityProtection/riskyAgents/confirmCompromised": agentRisk.confirm,
  "POST /identityProtection/riskyAgents/confirmSafe": agentRisk.confirmSafe,
  "POST /identityProtection/riskyAgents/dismiss": agentRisk.dismiss,
  "GET /identityProtection/agentRiskDetections": agentRisk.listDetections,
  "GET /identityProtection/agentRiskDetections/{agentRiskDetection-id}": agentRisk.getDetection,
};

const beta: Routes = {
  "GET /applications/{application-id}": applications.get,
  "GET /applications/graph.agentIdentityBlueprint": agents.listBlueprints,
  "GET /applications/{application-id}/federatedIdentityCredentials": federated.list,
  "POST /applications/{application-id}/federatedIdentityCredentials": federated.create,
  "DELETE /applications/{application-id}/federatedIdentityCredentials/{federatedIdentityCredential-id}":
    federated.delete,
  "GET /servicePrincipals/{servicePrincipal-id}": principals.get,
  "GET /servicePrincipals/graph.agentIdentity": agents.listIdentities,
  "GET /servicePrincipals/graph.agentIdentityBlueprintPrincipal": agents.listBlueprintPrincipals,
  ...agentProtection,
  "GET /reports/servicePrincipalSignInActivities": useReports.listSignInActivities,
  "GET /reports/appCredentialSignInActivities": useReports.listCredentialActivities,
};

export const routes: Readonly<Record<GraphVersion, Routes>> = { "v1.0": v1, beta };
