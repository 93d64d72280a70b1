/** Is this the platform itself at work, which no tenant can make its records look like? */
import type { Actor } from "../../domain/event.ts";

/** What Microsoft's own provisioning calls itself in genuine records. A name that anybody may choose: never enough alone. */
const provisioning = new Set([
  "microsoft azure ad internal - jit provisioning",
  "microsoft online services",
  "aad app management",
  "managed service identity",
  "windows azure service management api",
  "power virtual agents service",
  "device registration service",
]);

/** Every service principal of a tenant has an id that its records carry, so a workload without one is the platform. */
export function isNamelessWorkload({ kind, id, appId }: Actor): boolean {
  return kind === "workload" && id === null && appId === null;
}

/** Both must hold: no ids, which no tenant's application can bring about, and a name that is known. */
export function isPlatformProvisioning(actor: Actor): boolean {
  return isNamelessWorkload(actor) && provisioning.has((actor.claimedName ?? "").trim().toLowerCase());
}
