/** What taking the app roles does not end, and the commands that do. */
import type { ManagedIdentity } from "../tenant/managed-identity.ts";

/** The resource of a managed identity stands among its alternative names (servicePrincipal resource type). */
export function resourceOf({ alternativeNames }: ManagedIdentity): string | null {
  return alternativeNames?.find((name) => /^\/subscriptions\/[\w()./-]+$/i.test(name)) ?? null;
}

export function stillToDo(identity: ManagedIdentity): string {
  const resource = resourceOf(identity);
  const isUserAssigned = resource !== null && /\/userAssignedIdentities\//i.test(resource);
  const where = resource ?? "RESOURCE-ID";
  return [
    "Still to do, since a token that was given out works on with all it carries for up to 24 hours:",
    "  1. Stop the app, so that it uses none:",
    isUserAssigned || resource === null
      ? "       az functionapp stop --name APP --resource-group GROUP"
      : `       az functionapp stop --ids ${where}`,
    "  2. If somebody else may hold a token of it: look at what was done under its object id until then, in the audit log:",
    `       ${identity.id}`,
    "  3. If somebody else may get tokens of it: take the identity from everything it is assigned to, or delete it:",
    isUserAssigned
      ? `       az identity delete --ids ${where}`
      : "       az functionapp identity remove --name APP --resource-group GROUP",
    "  4. Azure roles and directory roles, if it was given any, are not app roles and still stand:",
    `       az role assignment list --all --assignee ${identity.id} --output table`,
  ].join("\n");
}
