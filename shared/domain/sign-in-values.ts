/** What of a sign-in is kept in baselines, as the values of their facets: who learns and who asks `new?` must mean the same. */
import type { EventOf } from "./event.ts";
import { networkOf } from "./network.ts";

type SignIn = EventOf<"signed-in">;

/** Facet `network`: the autonomous system, where the record says it. */
export function systemSeen({ asn }: SignIn): string | null {
  return asn === null ? null : `asn:${asn}`;
}

/** Facet `network`: the address's /24 or /48. */
export function networkSeen({ ipAddress }: SignIn): string | null {
  return ipAddress === null ? null : networkOf(ipAddress);
}

/** Facet `resource`. */
export function resourceSeen({ resourceAppId, resourceServicePrincipalId }: SignIn): string | null {
  return resourceAppId ?? resourceServicePrincipalId;
}

/** Facet `credential-type`: the type in small letters, for records do not agree on the case. */
export function credentialTypeSeen({ credentialType }: SignIn): string | null {
  return credentialType === null || credentialType === "" ? null : credentialType.toLowerCase();
}

/** The sign-in error when a Conditional Access policy blocked it: AADSTS53003 (Microsoft Entra error reference). */
export const blockedErrorCode = 53003;

/** Facet `conditional-access`: `blocked:id` of each policy that stopped it; `blocked:?` where the record names none. */
export function blocksSeen({ errorCode, conditionalAccess: { blockedBy } }: SignIn): readonly string[] {
  if (blockedBy.length > 0) return blockedBy.map((id) => `blocked:${id}`);
  return errorCode === blockedErrorCode ? ["blocked:?"] : [];
}

/** Facet `conditional-access`: `would:id` of each report-only policy that would have stopped it. */
export function wouldBlocksSeen({ conditionalAccess: { wouldBlock } }: SignIn): readonly string[] {
  return wouldBlock.map((id) => `would:${id}`);
}

/** `credentialTypeSeen` of a sign-in through another identity provider. */
export const federatedType = "federatedidentitycredential";
