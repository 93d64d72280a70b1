/** What `grant` prints: a line for each permission with its reason, and what it cannot do itself. */
import type { Policy } from "../../shared/domain/policy.ts";
import type { Needs } from "../permissions/needs.ts";
import type { ManagedIdentity } from "../tenant/managed-identity.ts";
import { columns } from "../text/columns.ts";
import { printable, quotedName } from "../text/printable.ts";
import type { Comparison } from "./compare.ts";

export function showIdentity({ id, appId, displayName }: ManagedIdentity, tenantId: string): string {
  return `Managed identity ${id} (client id ${appId}) of tenant ${tenantId}, named ${quotedName(displayName ?? null)}`;
}

export function showComparison({ missing, present, surplus, notOffered }: Comparison): string {
  const needed = [
    ...missing.map((need) => ({ need, state: "missing" })),
    ...present.map((need) => ({ need, state: "present" })),
    ...notOffered.map((need) => ({ need, state: "not offered here" })),
  ].sort((a, b) => (a.need.permission < b.need.permission ? -1 : 1));
  const rows = [
    ...needed.map(({ need, state }) => [need.permission, state, need.isRequired ? "required" : "optional", need.why]),
    ...surplus.map((one) => [nameOf(one), "surplus", "-", one.why]),
  ];
  return columns([["PERMISSION OF MICROSOFT GRAPH", "STATE", "NEED", "WHY"], ...rows]);
}

export function nameOf({ permission, assignment }: Comparison["surplus"][number]): string {
  return permission === null ? `app role ${assignment.appRoleId}` : printable(permission);
}

export function showPlaybooks(policy: Policy, { playbooks }: Needs): string {
  const lines = [...playbooks.values()].map((why) => `  ${why}`);
  return [`The policy (mode ${policy.mode}):`, ...new Set(lines)].join("\n");
}

/** Azure's part is printed and not done: where it may act is for whoever owns the subscriptions to say. */
export function showAzure({ azure }: Needs, { id }: ManagedIdentity): string {
  const scope = "/providers/Microsoft.Management/managementGroups/MANAGEMENT-GROUP";
  const role = {
    Name: "Tourniquet",
    Description: "What Tourniquet may do in Azure, by its policy.", // without quotes of any sort: it stands in a shell command
    Actions: azure.map(({ permission }) => permission),
    AssignableScopes: [scope],
  };
  return [
    "In Azure it needs a role of its own, which this command does not make: whoever may assign roles there decides the scopes, say a management group.",
    columns([["OPERATION", "WHY"], ...azure.map(({ permission, why }) => [permission, why])]),
    `az role definition create --role-definition '${JSON.stringify(role)}'`,
    `az role assignment create --assignee-object-id ${id} --assignee-principal-type ServicePrincipal --role Tourniquet --scope ${scope}`,
  ].join("\n");
}
