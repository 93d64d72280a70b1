/** Who can become us by way of Azure: federated credentials of the identity, and roles over what the app is made of. */
import { z } from "zod";
import { armRequest, authorizationVersion } from "../../../shared/actions/azure-reads.ts";
import type { ArmTenant } from "../../../shared/graph/arm-tenant.ts";
import { resourceOf } from "../../cut-off/still-to-do.ts";
import { bodyOf, readOne } from "../../tenant/ask.ts";
import type { ManagedIdentity } from "../../tenant/managed-identity.ts";
import { printable } from "../../text/printable.ts";
import { type Check, ok, unknown, warning } from "../check.ts";

const Federated = z.object({
  value: z.array(z.object({ properties: z.object({ issuer: z.string(), subject: z.string().nullish() }) })),
});

const identityVersion = "2024-11-30";

export async function checkFederated(azure: ArmTenant, identity: ManagedIdentity): Promise<readonly Check[]> {
  const about = "federated credentials of our identity";
  const resource = resourceOf(identity);
  if (resource === null)
    return [unknown(about, "Graph does not say which resource it is", "look at the identity in the portal")];
  if (!/\/userAssignedIdentities\//i.test(resource))
    return [ok(about, "none: a system-assigned identity can have none")];
  const request = {
    ...armRequest("GET", `${resource}/federatedIdentityCredentials`, identityVersion),
    allPages: true,
  } as const;
  const body = bodyOf(await readOne(azure, request), `reading ${resource}`, "the Azure role Reader on the identity");
  const found = body === null ? [] : Federated.parse(body).value.map(({ properties }) => properties);
  if (found.length === 0) return [ok(about, "none")];
  const who = found.map(({ issuer, subject }) => printable(`${issuer} for ${subject ?? "an expression"}`)).join("; ");
  return [
    warning(about, `whoever these issuers vouch for is Tourniquet: ${who}`, "remove them: the app itself needs none"),
  ];
}

const Assignments = z.object({
  value: z.array(
    z.object({ properties: z.object({ roleDefinitionId: z.string(), principalId: z.string(), scope: z.string() }) }),
  ),
});

/** Roles by which one can run code as the app, sign as it, or edit its state ("Azure built-in roles"). */
const roles: Readonly<Record<string, string>> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
  "de139f84-1756-47ae-9be6-808fbbe84772": "Website Contributor",
  "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59": "Managed Identity Contributor",
  "f1a07417-d97a-45cb-824c-7a7467783830": "Managed Identity Operator",
  "17d1049b-9a84-46fb-8f53-869881c3d3ab": "Storage Account Contributor",
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
  "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
  "00482a5a-887f-4fb3-b363-3b7fe8e74483": "Key Vault Administrator",
  "14b46e9e-c2b7-41b4-b07b-48a6ebf60603": "Key Vault Crypto Officer",
  "12338af0-0e69-4776-bea7-57ae8d297424": "Key Vault Crypto User",
  "f526a384-b230-433a-b45c-95f59c4a2dec": "Azure Event Hubs Data Owner",
};

/** `group`: the resource group's id, or null: that of the identity. What is above it and below it counts as well. */
export async function checkAzureRoles(
  azure: ArmTenant,
  identity: ManagedIdentity,
  group: string | null,
): Promise<readonly Check[]> {
  const about = "Azure roles over the app, its storage and vault";
  const where = groupOf(group ?? resourceOf(identity) ?? "");
  if (where === null)
    return [
      unknown(
        about,
        "not known where they are",
        "name the resource group: --resource-group /subscriptions/ID/resourceGroups/NAME",
      ),
    ];
  const list = `/subscriptions/${where.subscription}/providers/Microsoft.Authorization/roleAssignments`;
  const request = { ...armRequest("GET", list, authorizationVersion), allPages: true } as const;
  const body = bodyOf(
    await readOne(azure, request),
    `reading the role assignments of subscription ${where.subscription}`,
    "the Azure role Reader on the subscription",
  );
  const all = body === null ? [] : Assignments.parse(body).value.map(({ properties }) => properties);
  const over = all.filter(
    ({ scope, principalId }) => reaches(scope, where.id) && principalId.toLowerCase() !== identity.id,
  );
  const named = over.flatMap(({ roleDefinitionId, principalId }) => {
    const role = roles[roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1).toLowerCase()];
    return role === undefined ? [] : [{ role, principalId }];
  });
  const others = over.length - named.length;
  if (named.length === 0)
    return [ok(about, `nobody holds one that is known to lead to us (${others} other assignments)`)];
  const byRole = [...Map.groupBy(named, ({ role }) => role)].map(([role, same]) => `${role}: ${idsIn(same)}`);
  return [
    warning(
      about,
      `${byRole.join("; ")} (${others} other assignments)`,
      "they are as powerful as Tourniquet: let these be tier-0 administrators, eligible and not permanent, and nobody else",
    ),
  ];
}

const shownIds = 5;

function idsIn(same: readonly { readonly principalId: string }[]): string {
  const ids = [...new Set(same.map(({ principalId }) => printable(principalId)))];
  return ids.length <= shownIds
    ? ids.join(", ")
    : `${ids.slice(0, shownIds).join(", ")} and ${ids.length - shownIds} more`;
}

function groupOf(id: string): { readonly id: string; readonly subscription: string } | null {
  const [found, subscription] = /^\/subscriptions\/([0-9a-f-]{36})\/resourcegroups\/[^/]+/i.exec(id) ?? [];
  return found === undefined || subscription === undefined ? null : { id: found.toLowerCase(), subscription };
}

/** Above it (the tenant, a management group, the subscription), itself, or in it. */
function reaches(scope: string, group: string): boolean {
  const at = `${scope.toLowerCase().replace(/\/+$/, "")}/`;
  const isManagementGroup = at.startsWith("/providers/microsoft.management/managementgroups/");
  return isManagementGroup || `${group}/`.startsWith(at) || at.startsWith(`${group}/`);
}
