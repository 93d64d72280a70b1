/** Applications that Microsoft itself owns sign in from wherever Microsoft runs them. */
import type { EventOf } from "../../domain/event.ts";

/** Microsoft's own tenants: the owners of its first-party applications. */
const microsoftTenants = new Set(["72f988bf-86f1-41af-91ab-2d7cd011db47", "f8cdef31-a31e-4b4a-93e4-5f571e91255a"]);

/** By the tenant that owns the application; what its record does not say counts as somebody else's. */
export function isMicrosoftOwned({ ownerTenantId }: EventOf<"signed-in">): boolean {
  return ownerTenantId !== null && microsoftTenants.has(ownerTenantId);
}
