/** What our code reads of Microsoft Graph, and the least permission for it: whatever the mode, as what is not read is unknown. */
import type { Policy } from "../../shared/domain/policy.ts";

export interface Reading {
  readonly id: string;
  readonly permission: string;
  /** one sentence */
  readonly why: string;
  /** as Graph's description has them, with its version */
  readonly operations: readonly string[];
  /** the setting of the policy without which it is not read; null: it is always read */
  readonly setting: string | null;
  /** false: it is about agents alone, and a tenant may have none */
  readonly isRequired: boolean;
  isNeeded(policy: Policy): boolean;
}

const always = { setting: null, isRequired: true, isNeeded: () => true } as const;
const ofAgents = { ...always, isRequired: false } as const;

export const readings: readonly Reading[] = [
  {
    id: "identities",
    permission: "Application.Read.All",
    why: "Reads what an identity is, its credentials, who uses it, what it holds and owns, and whether it was deleted.",
    operations: [
      "GET v1.0 /servicePrincipals",
      "GET v1.0 /servicePrincipals/{servicePrincipal-id}",
      "GET v1.0 /servicePrincipals(appId='{appId}')",
      "GET v1.0 /servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo",
      "GET v1.0 /servicePrincipals/{servicePrincipal-id}/appRoleAssignments",
      "GET v1.0 /servicePrincipals/{servicePrincipal-id}/memberOf",
      "GET v1.0 /servicePrincipals/{servicePrincipal-id}/ownedObjects",
      "GET v1.0 /servicePrincipals/{servicePrincipal-id}/owners",
      "GET v1.0 /applications",
      "GET v1.0 /applications/{application-id}",
      "GET v1.0 /applications(appId='{appId}')",
      "GET v1.0 /applications(appId='{appId}')/owners",
      "GET v1.0 /directory/deletedItems/{directoryObject-id}",
      "GET beta /applications/{application-id}",
      "GET beta /applications/{application-id}/federatedIdentityCredentials",
    ],
    ...always,
  },
  {
    id: "directory",
    permission: "Directory.Read.All",
    why: "Reads its delegated permissions and directory roles, and what the groups are in which it is a member.",
    operations: [
      "GET v1.0 /servicePrincipals/{servicePrincipal-id}/oauth2PermissionGrants",
      "GET v1.0 /servicePrincipals(appId='{appId}')/oauth2PermissionGrants",
      "GET v1.0 /roleManagement/directory/roleAssignments",
      "GET v1.0 /groups/{group-id}",
    ],
    ...always,
  },
  {
    id: "audit",
    permission: "AuditLog.Read.All",
    why: "Holds an audit event against Graph's own copy of it, and reads when identities were last used.",
    operations: [
      "GET v1.0 /auditLogs/directoryAudits/{directoryAudit-id}",
      "GET beta /reports/servicePrincipalSignInActivities",
    ],
    ...always,
  },
  {
    id: "risk",
    permission: "IdentityRiskEvent.Read.All",
    why: "Holds a risk event against Graph's own copy of it: without it no finding of risk can act by itself.",
    operations: ["GET v1.0 /identityProtection/servicePrincipalRiskDetections"],
    ...always,
  },
  {
    id: "risk-state",
    permission: "IdentityRiskyServicePrincipal.Read.All",
    why: "Reads whether somebody confirmed or dismissed the risk of an identity already.",
    operations: ["GET v1.0 /identityProtection/riskyServicePrincipals/{riskyServicePrincipal-id}"],
    ...always,
  },
  {
    id: "active-role-schedules",
    permission: "RoleAssignmentSchedule.Read.Directory",
    why: "Reads which directory roles an identity holds for a time, as of those only the schedule is ever removed.",
    operations: ["GET v1.0 /roleManagement/directory/roleAssignmentSchedules"],
    ...always,
  },
  {
    id: "eligible-role-schedules",
    permission: "RoleEligibilitySchedule.Read.Directory",
    why: "Reads which directory roles an identity may activate, which no list of its roles shows.",
    operations: ["GET v1.0 /roleManagement/directory/roleEligibilitySchedules"],
    ...always,
  },
  {
    id: "agents",
    permission: "AgentIdentity.Read.All",
    why: "Reads which agents stop with their blueprint, so that people see them before they decide.",
    operations: ["GET v1.0 /servicePrincipals/microsoft.graph.agentIdentity"],
    ...ofAgents,
  },
  {
    id: "agent-risk-state",
    permission: "IdentityRiskyAgent.Read.All",
    why: "Reads whether somebody confirmed the risk of an agent already.",
    operations: ["GET beta /identityProtection/riskyAgents/{riskyAgent-id}"],
    ...ofAgents,
  },
  {
    id: "protecting-attribute",
    permission: "CustomSecAttributeAssignment.Read.All",
    why: "Reads the custom security attribute by which the policy protects identities, which no other permission shows.",
    // a property of the service principal; the description names permissions for whole operations only
    operations: [],
    setting: "protected.attribute",
    isRequired: true,
    isNeeded: ({ protected: { attribute } }) => attribute !== undefined,
  },
  {
    id: "named-locations",
    permission: "Policy.Read.All",
    why: "Reads the tenant's named locations, against which the policy holds sign-ins.",
    operations: ["GET v1.0 /identity/conditionalAccess/namedLocations"],
    setting: "trustedLocations.namedLocations",
    isRequired: true,
    isNeeded: ({ trustedLocations }) => trustedLocations?.namedLocations === true,
  },
  {
    id: "block-policy",
    permission: "Policy.Read.All",
    why: "Reads the Conditional Access policy whose list the policy has us keep.",
    operations: ["GET v1.0 /identity/conditionalAccess/policies/{conditionalAccessPolicy-id}"],
    setting: "conditionalAccess",
    isRequired: true,
    isNeeded: ({ conditionalAccess }) => conditionalAccess !== undefined,
  },
];
