/** Directory roles by template id, which is the same in every tenant (Microsoft Entra built-in roles reference). */

/** Roles that lead to the whole tenant: they assign roles, own credentials of others, or decide who may sign in and how. */
const tierZero = new Set([
  "62e90394-69f5-4237-9190-012177145e10", // Global Administrator
  "e8611ab8-c189-46e8-94e1-60213ab1f814", // Privileged Role Administrator
  "7be44c8a-adaf-4e2a-84d6-ab2649e08a13", // Privileged Authentication Administrator
  "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", // Application Administrator
  "158c047a-c907-4556-b7ef-446551a6b5f7", // Cloud Application Administrator
  "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", // Hybrid Identity Administrator
  "8329153b-31d0-4727-b945-745eb3bc5f31", // Domain Name Administrator
  "be2f45a1-457d-42af-a067-6ec1fa63bc45", // External Identity Provider Administrator
  "194ae4cb-b126-40b2-bd5b-6091b380977d", // Security Administrator
  "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", // Conditional Access Administrator
  "c4e39bd9-1100-46d3-8c65-fb160da0071f", // Authentication Administrator
  "fe930be7-5e62-47db-91af-98c3a49a38b1", // User Administrator
  "29232cdf-9323-42fd-ade2-1d097af3e4de", // Exchange Administrator
  "3a2c62db-5318-420d-8d74-23affee5d9d5", // Intune Administrator
  "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e", // Identity Governance Administrator
  "9360feb5-f418-4baa-8175-e2a00bac4301", // Directory Writers
  "d29b2b05-8046-44ba-8758-1e26182fcf32", // Directory Synchronization Accounts
  "e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8", // Partner Tier2 Support
  "4ba39ca4-527c-499a-b93d-d9b492c50246", // Partner Tier1 Support
]);

/** Reads what every member of the tenant may read by default; Azure gives it to its own service principals. */
export const directoryReaders = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";

/** Null: the record names the role by its name alone, and what is unknown is not harmless. */
export function isTierZeroRole(roleDefinitionId: string | null): boolean {
  return roleDefinitionId === null || tierZero.has(roleDefinitionId);
}
