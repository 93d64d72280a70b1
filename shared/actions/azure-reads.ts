/** Azure as Resource Manager shows it: subscriptions that we can read, role assignments, user-assigned identities. */
import { z } from "zod";
import { TerminalError } from "../domain/errors.ts";
import { Guid } from "../domain/identity.ts";
import { type ApiRequest, apiPath, odataString } from "../ports/tenant.ts";
import type { Snapshot } from "./action.ts";
import { pageOf, wholeList } from "./own-objects.ts";

/** A resource id is a path already; its parts are encoded one by one. */
function resourcePath(id: string): string {
  return id.split("/").map(encodeURIComponent).join("/");
}

/** A read or a write of one resource by its id. */
export function armRequest(
  method: "GET" | "PUT" | "DELETE",
  id: string,
  apiVersion: string,
  body?: Readonly<Record<string, unknown>>,
): ApiRequest {
  const path = `${resourcePath(id)}?api-version=${apiVersion}`;
  return { method, version: "arm", path, lane: "azure", ...(body === undefined ? {} : { body }) };
}

export const authorizationVersion = "2022-04-01";

export function subscriptionsRead(): ApiRequest {
  return { ...armRequest("GET", "/subscriptions", "2022-12-01"), allPages: true };
}

/** At the subscription, below it, and above it as far as it reaches down. */
export function azureRolesRead(subscriptionId: string, principalId: string): ApiRequest {
  const path = apiPath`/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleAssignments`;
  const query = `api-version=${authorizationVersion}&$filter=principalId eq ${odataString(principalId)}`;
  return { method: "GET", version: "arm", path: `${path}?${query}`, lane: "azure", allPages: true };
}

const Subscriptions = pageOf(z.object({ subscriptionId: Guid, state: z.string().nullish() }));

/** Those that we can read; perhaps none. */
export function subscriptionIds(snapshot: Snapshot): readonly string[] {
  const all = wholeList(Subscriptions, snapshot, subscriptionsRead());
  return all.filter(({ state }) => state !== "Deleted").map(({ subscriptionId }) => subscriptionId);
}

/** @throws TerminalError when none can be read: then nothing is known of what the identity may do in Azure. */
export function someSubscriptionIds(snapshot: Snapshot): readonly string[] {
  const ids = subscriptionIds(snapshot);
  if (ids.length > 0) return ids;
  const message = "no Azure subscription can be read; give our identity a role that reads role assignments there";
  throw new TerminalError(message, { code: "no-subscription" });
}

const optional = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

const assignmentId = /^(\/.+)?\/providers\/Microsoft\.Authorization\/roleAssignments\/[0-9a-f-]{36}$/i;

export const AzureRole = z.object({
  id: z.string().regex(assignmentId),
  properties: z.object({
    roleDefinitionId: z.string(),
    principalId: Guid,
    principalType: optional,
    condition: optional,
    conditionVersion: optional,
    description: optional,
    delegatedManagedIdentityResourceId: optional,
  }),
});
export type AzureRole = z.infer<typeof AzureRole>;

const AzureRoles = pageOf(AzureRole);

/** The victim's own, each once: what is assigned above subscriptions is listed in each of them. */
export function azureRoles(subscriptions: readonly string[], victim: string, snapshot: Snapshot): readonly AzureRole[] {
  const all = subscriptions.flatMap((id) => wholeList(AzureRoles, snapshot, azureRolesRead(id, victim)));
  const own = all.filter(({ properties }) => properties.principalId === victim);
  return [...new Map(own.map((one) => [one.id.toLowerCase(), one])).values()];
}
