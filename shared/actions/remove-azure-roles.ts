/**
 * Removes Azure role assignments in every subscription that we can read. The fastest cut for a managed identity: Azure checks
 * roles where they are used, whatever token is shown (managed identity best practices).
 */
import { z } from "zod";
import type { ApiRequest } from "../ports/tenant.ts";
import { defineAction, type Snapshot } from "./action.ts";
import {
  type AzureRole,
  AzureRole as AzureRoleShape,
  armRequest,
  authorizationVersion,
  azureRoles,
  azureRolesRead,
  someSubscriptionIds,
  subscriptionIds,
  subscriptionsRead,
} from "./azure-reads.ts";
import { goneSince, holdsPermissions, ownObjectId } from "./own-objects.ts";
import { servicePrincipalRead } from "./reads.ts";

const Parameters = z.strictObject({ assignments: z.union([z.literal("all"), z.array(z.string().min(1)).min(1)]) });
type Parameters = z.infer<typeof Parameters>;

const text = z.string().nullable();
const Removed = z.object({
  id: z.string(),
  properties: z.object({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    principalType: text,
    condition: text,
    conditionVersion: text,
    description: text,
    delegatedManagedIdentityResourceId: text,
  }),
});
type Removed = z.infer<typeof Removed>;

function going({ assignments }: Parameters, snapshot: Snapshot): AzureRole[] {
  const victim = ownObjectId("servicePrincipal", snapshot);
  if (victim === null) return [];
  const all = azureRoles(someSubscriptionIds(snapshot), victim, snapshot);
  if (assignments === "all") return [...all];
  const wanted = new Set(assignments.map((id) => id.toLowerCase()));
  return all.filter(({ id }) => wanted.has(id.toLowerCase()));
}

/** The same for the same role in the same scope. The role's own id may carry a scope before it; its last part tells it. */
function keyOf({ id, properties }: Removed): string {
  const scope = id.slice(0, id.toLowerCase().lastIndexOf("/providers/microsoft.authorization/"));
  return `${scope} ${properties.roleDefinitionId.split("/").at(-1)}`.toLowerCase();
}

/** Those in subscriptions; what is assigned above them is read by its id alone. */
function subscriptionsOf(removed: readonly Removed[]): readonly string[] {
  const ids = removed.map(({ id }) => /^\/subscriptions\/([0-9a-f-]{36})\//i.exec(id)?.[1]?.toLowerCase());
  return [...new Set(ids.filter((id) => id !== undefined))];
}

function one(removed: Removed): ApiRequest {
  return armRequest("GET", removed.id, authorizationVersion);
}

/** What keeps the receipt's from coming back as they were; null: nothing does. */
function conflictOf(removed: readonly Removed[], listed: readonly AzureRole[], snapshot: Snapshot): string | null {
  const there = new Map(listed.map((found) => [keyOf(found), found]));
  for (const each of removed) {
    const named = AzureRoleShape.nullable().parse(snapshot.body(one(each)));
    const isOther =
      named !== null && (named.properties.principalId !== each.properties.principalId || keyOf(named) !== keyOf(each));
    if (isOther) return `the name of ${each.id} belongs to another role assignment since`;
    const found = named ?? there.get(keyOf(each));
    const isAnew = found !== undefined && found.properties.condition !== each.properties.condition;
    if (isAnew) return `the role of ${each.id} was assigned anew with another condition`;
  }
  return null;
}

/** Not there under its own name, nor under another. */
function isMissing(each: Removed, listed: readonly AzureRole[], snapshot: Snapshot): boolean {
  return snapshot.body(one(each)) === null && !listed.some((found) => keyOf(found) === keyOf(each));
}

/** Nulls are not sent: Resource Manager takes what is missing for its default. */
function recreate({ id, properties }: Removed): ApiRequest {
  const given = Object.entries(properties).filter(([, value]) => value !== null);
  return armRequest("PUT", id, authorizationVersion, { properties: Object.fromEntries(given) });
}

export const removeAzureRoles = defineAction({
  id: "remove-azure-roles",
  summary:
    "Removes Azure role assignments in every subscription that we can read, all of them or exactly the given ones.",
  parameters: Parameters,
  receipt: z.object({ servicePrincipalId: z.string(), removed: z.array(Removed) }),
  impact: () => "reversible",
  appliesTo: holdsPermissions,
  permissions: () => [
    "azure:Microsoft.Authorization/roleAssignments/read",
    "azure:Microsoft.Authorization/roleAssignments/write",
    "azure:Microsoft.Authorization/roleAssignments/delete",
  ],
  reads: (_parameters, { identity }) => [servicePrincipalRead(identity), subscriptionsRead()],
  readsNext(_parameters, snapshot) {
    const victim = ownObjectId("servicePrincipal", snapshot);
    return victim === null ? [] : subscriptionIds(snapshot).map((id) => azureRolesRead(id, victim));
  },
  isInPlace: (parameters, snapshot) => going(parameters, snapshot).length === 0,
  keep: (parameters, snapshot) => ({
    servicePrincipalId: ownObjectId("servicePrincipal", snapshot) ?? "",
    removed: going(parameters, snapshot),
  }),
  requests: (parameters, snapshot) =>
    going(parameters, snapshot).map(({ id }) => armRequest("DELETE", id, authorizationVersion)),
  touches: (parameters, snapshot) => going(parameters, snapshot).map(({ id }) => id),
  revertReads: ({ servicePrincipalId, removed }, { identity }) => [
    servicePrincipalRead(identity),
    ...removed.map(one),
    ...subscriptionsOf(removed).map((id) => azureRolesRead(id, servicePrincipalId)),
  ],
  revert({ servicePrincipalId, removed }, snapshot) {
    const gone = goneSince("servicePrincipal", servicePrincipalId, snapshot);
    if (gone !== null) return { conflict: gone };
    const listed = azureRoles(subscriptionsOf(removed), servicePrincipalId, snapshot);
    const conflict = conflictOf(removed, listed, snapshot);
    if (conflict !== null) return { conflict };
    return { requests: removed.filter((each) => isMissing(each, listed, snapshot)).map(recreate) };
  },
  lost: ({ removed }) => removed.map(({ id }) => `who made Azure role assignment ${id}, and when`),
});
