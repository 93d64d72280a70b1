/** Why a permission to change something is needed, in one sentence each; how far it reaches besides is part of it. */

const whys: Readonly<Record<string, string>> = {
  "AgentIdentity.EnableDisable.All": "Turns sign-in of a compromised agent identity off, and on again.",
  "AgentIdentityBlueprint.AddRemoveCreds.All":
    "Takes federated credentials from an agent blueprint, on which the credentials of all its agents lie.",
  "AgentIdentityBlueprintPrincipal.EnableDisable.All":
    "Turns sign-in of an agent blueprint, and so of all its agents, off and on again.",
  "AppRoleAssignment.ReadWrite.All":
    "Takes application permissions from a compromised identity and gives them back; with it any permission can be given to anybody.",
  "Application.ReadWrite.All":
    "Disables identities and takes their credentials and owners; with it a credential can be added to nearly any application.",
  "DelegatedPermissionGrant.ReadWrite.All":
    "Takes delegated permissions from a compromised identity and gives them back.",
  "Directory.Read.All": "Adds an owner back by reference, which takes reading the owner.",
  "GroupMember.ReadWrite.All": "Takes a compromised identity out of groups that may hold roles, and puts it back.",
  "IdentityRiskyAgent.ReadWrite.All": "Records with Microsoft that an agent is compromised.",
  "IdentityRiskyServicePrincipal.ReadWrite.All":
    "Records with Microsoft that an identity is compromised, or that its risk was none.",
  "Policy.ReadWrite.ConditionalAccess":
    "Keeps the list of the one Conditional Access policy that the policy names; with it every such policy can be rewritten.",
  "RoleManagement.ReadWrite.Directory":
    "Takes directory roles and memberships of role-assignable groups from a compromised identity; with it any role can be given to anybody.",
  "azure:Microsoft.Authorization/roleAssignments/delete": "Takes Azure roles from a compromised identity.",
  "azure:Microsoft.Authorization/roleAssignments/read": "Reads which Azure roles an identity holds, and where.",
  "azure:Microsoft.Authorization/roleAssignments/write":
    "Gives an Azure role back that was taken; with it any role can be given in that scope.",
  "azure:Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete":
    "Takes federated credentials from a compromised managed identity.",
  "azure:Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read":
    "Reads the federated credentials of a managed identity, which Graph does not show.",
  "azure:Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write":
    "Puts a federated credential of a managed identity back that was taken.",
  "azure:Microsoft.ManagedIdentity/userAssignedIdentities/read":
    "Reads that a managed identity is there and is the one it is taken for.",
  "azure:Microsoft.Resources/subscriptions/read": "Lists the subscriptions in which an identity may hold Azure roles.",
};

/** Throws for a permission nobody has explained: whoever adds one to an action says here why. */
export function whyOf(permission: string): string {
  const why = whys[permission];
  if (why === undefined)
    throw new Error(`${permission}: say in tools/permissions/whys.ts, in one sentence, why it is needed`);
  return why;
}
