/** What kind of workload identity it is, from Graph's facts, never from names. */
import type { IdentityKind } from "../../domain/identity.ts";
import type { Application, ManagedIdentityFacts, ServicePrincipal } from "../../domain/snapshot.ts";

/** Owner tenants of Microsoft's own applications (read from several public tools; national clouds differ). */
const microsoftTenants = new Set([
  "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
  "72f988bf-86f1-41af-91ab-2d7cd011db47",
  "47df5bb7-e6bc-4256-afb0-dd8c8e3c1ce8",
]);

/** Is this the owner tenant of Microsoft's own applications? */
export function isMicrosoftTenant(owner: string | null | undefined): boolean {
  return owner != null && microsoftTenants.has(owner);
}

/** Belt and braces: resources whose loss stops a tenant, whatever the owner field says. */
const microsoftResources = new Set([
  "00000003-0000-0000-c000-000000000000",
  "00000002-0000-0000-c000-000000000000",
  "00000002-0000-0ff1-ce00-000000000000",
  "00000003-0000-0ff1-ce00-000000000000",
  "797f4846-ba00-4fd7-ba43-dac1f8f63013",
]);

/**
 * Undefined facts are unknown; an owner we cannot see makes the kind unknown, and unknown asks. An application registered here is
 * ours with or without a service principal.
 */
export function kindOf(
  servicePrincipal: ServicePrincipal | null | undefined,
  application: Application | null | undefined,
  tenantId: string,
): IdentityKind {
  const appId = servicePrincipal?.appId ?? application?.appId ?? null;
  if (appId !== null && microsoftResources.has(appId)) return "microsoft-first-party";
  if (isBlueprint(servicePrincipal) || isBlueprint(application)) return "agent-blueprint";
  if (servicePrincipal === null && application) return homeKind(application.signInAudience);
  if (!servicePrincipal) return "unknown";
  const owner = servicePrincipal.appOwnerOrganizationId;
  if (isMicrosoftTenant(owner)) return "microsoft-first-party";
  switch (servicePrincipal.servicePrincipalType) {
    case "ManagedIdentity":
      return "managed-identity";
    case "ServiceIdentity":
      return "agent";
    case "Legacy":
      return "legacy";
    case "Application":
      break;
    default:
      return "unknown";
  }
  if (owner === null) return "unknown";
  if (owner !== tenantId) return "foreign";
  return homeKind(application?.signInAudience ?? servicePrincipal.signInAudience);
}

function homeKind(audience: string | null): IdentityKind {
  if (audience === null) return "unknown";
  return audience === "AzureADMyOrg" ? "home-single-tenant" : "home-multi-tenant";
}

function isBlueprint(object: { readonly "@odata.type": string | null } | null | undefined): boolean {
  return object?.["@odata.type"]?.startsWith("#microsoft.graph.agentIdentityBlueprint") === true;
}

/** `alternativeNames` of a managed identity: `isExplicit=True|False` and the Azure resource id, in either order. */
export function managedIdentityOf(servicePrincipal: ServicePrincipal | null | undefined): ManagedIdentityFacts | null {
  if (servicePrincipal?.servicePrincipalType !== "ManagedIdentity") return null;
  const names = servicePrincipal.alternativeNames;
  const explicit = names
    .find((name) => /^isExplicit=/i.test(name))
    ?.slice("isExplicit=".length)
    .toLowerCase();
  return {
    userAssigned: explicit === "true" ? true : explicit === "false" ? false : null,
    resourceId: names.find((name) => /^\/subscriptions\//i.test(name)) ?? null,
  };
}
