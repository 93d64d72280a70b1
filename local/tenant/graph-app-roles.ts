/** App roles of the two Microsoft APIs that attackers go for; ids from the Graph permissions reference. */
import type { AppRole } from "./foothold-types.ts";

const onGraph = [
  ["Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"],
  ["Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"],
  ["Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884"],
  ["AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f"],
  ["AuditLog.Read.All", "b0afded3-3588-46d8-8b3d-9842eff778da"],
  ["CustomSecAttributeAssignment.Read.All", "3b37c5a4-1226-493d-bec3-5d6c6b866f3f"],
  ["DelegatedPermissionGrant.ReadWrite.All", "8e8e4742-1d95-4f68-9d56-6ee75648c72a"],
  ["Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"],
  ["Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7"],
  ["Files.Read.All", "01d4889c-1287-42c6-ac1f-5d1e02578ef6"],
  ["GroupMember.ReadWrite.All", "dbaae8cf-10b5-4b86-a4a1-f871c94c6695"],
  ["IdentityRiskEvent.Read.All", "6e472fd1-ad78-48da-a0f0-97ab2c6b769e"],
  ["IdentityRiskyServicePrincipal.Read.All", "607c7344-0eed-41e5-823a-9695ebe1b7b0"],
  ["IdentityRiskyServicePrincipal.ReadWrite.All", "cb8d6980-6bcb-4507-afec-ed6de3a2d798"],
  ["Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01"],
  ["Mail.ReadWrite", "e2a3a72e-5f79-4c64-b1b1-878b674786c9"],
  ["Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96"],
  ["Policy.Read.All", "246dd0d5-5bd0-4def-940b-0421030a5b68"],
  ["Policy.ReadWrite.ConditionalAccess", "01c0a623-fc9b-48e9-b794-0756f8e8f067"],
  ["RoleAssignmentSchedule.Read.Directory", "d5fe8ce8-684c-4c83-a52c-46e882ce4be1"],
  ["RoleAssignmentSchedule.ReadWrite.Directory", "dd199f4a-f148-40a4-a2ec-f0069cc799ec"],
  ["RoleEligibilitySchedule.Read.Directory", "ff278e11-4a33-4d0c-83d2-d01dc58929a5"],
  ["RoleEligibilitySchedule.ReadWrite.Directory", "fee28b28-e1f3-4841-818e-2704dc62245f"],
  ["RoleManagement.Read.Directory", "483bed4a-2ad3-4361-a73b-c83ccdbdc53c"],
  ["RoleManagement.ReadWrite.Directory", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"],
  ["Sites.Read.All", "332a536c-c7ef-4017-ab91-336970924f0d"],
  ["Sites.FullControl.All", "a82116e5-55eb-4c41-a434-62fe8a61c773"],
  ["User.Read.All", "df021288-bdef-4463-88db-98f22de89214"],
  ["User.ReadWrite.All", "741f803b-c850-494e-b5df-cde7c675a1ca"],
] as const;

/** @returns an app role as the resource's service principal lists it */
export function appRole(id: string, value: string): AppRole {
  const description = `Allows the app to use ${value} without a signed-in user.`;
  return { id, value, displayName: value, description, allowedMemberTypes: ["Application"], isEnabled: true };
}

export const graphAppRoles: readonly AppRole[] = onGraph.map(([value, id]) => appRole(id, value));

/** Office 365 Exchange Online: every mailbox of the tenant through EWS. */
export const exchangeAppRoles: readonly AppRole[] = [
  appRole("dc890d15-9560-4a4c-9b7f-a736ec74ec40", "full_access_as_app"),
];
