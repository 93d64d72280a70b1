/** Is this Azure renewing the certificate of a managed identity, as it does every 45 days? */
import type { EventOf } from "../../domain/event.ts";

// "Windows Azure Service Management API", which renews on behalf of some resources (well-known first-party appId)
const rotatingApps = new Set(["797f4846-ba00-4fd7-ba43-dac1f8f63013"]);

/**
 * All must hold; none is a display name that the actor chose for itself. A stranger's application also has a null appId in
 * audit records and may name its certificate as it likes, but cannot give its target a service principal name of azure.net.
 */
export function isPlatformRotation(event: EventOf<"credentials-changed">): boolean {
  const { actor, added } = event;
  const byPlatform = actor.kind === "workload" && (actor.appId === null || rotatingApps.has(actor.appId));
  const names = new Set([event.subject.appId, event.objectId].filter((id) => id !== null).map((id) => `cn=${id}`));
  return (
    byPlatform &&
    event.managedIdentityName === true &&
    added.every((key) => key.keyType === "AsymmetricX509Cert" && key.keyUsage === "Verify") &&
    added.every((key) => names.has(key.claimedName.toLowerCase()))
  );
}
