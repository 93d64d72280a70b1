/** From where may this identity sign in: the policy's ranges for it or for tier 0, else the tenant's trusted named locations. */
import type { TrustedLocations } from "../../detections/detection.ts";
import type { IdentityRef } from "../../domain/identity.ts";
import type { Policy } from "../../domain/policy.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import type { NamedLocations } from "../../ports/stores.ts";

/** Older named locations are not what the tenant trusts today, and what it trusts is unknown then. */
const staleMs = 7 * 24 * 3600_000;
/** How long one reading of the row serves every sign-in. */
const cachedMs = 5 * 60_000;

/** Null: none are given for it, or they cannot be known. A tenant without any trusted named location said nothing, not `nowhere`. */
export function trustedLocationsOf(
  { trustedLocations, protected: { tier0 } }: Policy,
  { appId, servicePrincipalId, applicationObjectId }: IdentityRef,
  named: NamedLocations | null,
  now: number,
): TrustedLocations | null {
  if (trustedLocations === undefined) return null;
  const ids = [appId, servicePrincipalId, applicationObjectId].filter((id) => id !== null);
  const own = ids.map((id) => trustedLocations.identities[id]).find((ranges) => ranges !== undefined);
  if (own !== undefined) return { ranges: own, source: "the policy's line for it" };
  if (trustedLocations.tier0 !== undefined && ids.some((id) => tier0.includes(id))) {
    return { ranges: trustedLocations.tier0, source: "the policy's line for tier 0" };
  }
  if (!trustedLocations.namedLocations || named === null || !isWorthHolding(named, now)) return null;
  const readAt = isoAt(named.readAt).slice(0, 16).replace("T", " ");
  return { ranges: named.ranges, source: `the tenant's trusted named locations as read at ${readAt} UTC` };
}

/** Young enough, and not empty: to hold a sign-in against. */
export function isWorthHolding({ readAt, ranges }: NamedLocations, now: number): boolean {
  return ranges.length > 0 && now - readAt <= staleMs;
}

/** With the row of named locations read at most every few minutes, and only when the policy asks for them. Throws RetryableError. */
export function createTrustedLocations({
  clock,
  policy,
  stores,
}: Services): (identity: IdentityRef) => Promise<TrustedLocations | null> {
  let cached: { readonly until: number; readonly row: Promise<NamedLocations | null> } | null = null;
  const named = (): Promise<NamedLocations | null> => {
    const now = clock.now();
    if (cached === null || now >= cached.until) {
      const row = stores.namedLocations.get(policy.tenantId);
      const entry = { until: now + cachedMs, row };
      cached = entry;
      // the next one asks again
      row.catch(() => {
        if (cached === entry) cached = null;
      });
    }
    return cached.row;
  };
  return async (identity) => {
    const row = policy.trustedLocations?.namedLocations === true ? await named() : null;
    return trustedLocationsOf(policy, identity, row, clock.now());
  };
}
