/** An identity that is plainly unused: known in every respect, exempt in none, quiet for 200 days. Tests change one thing at a time. */
import { dayMs } from "../../shared/domain/day.ts";
import type { CredentialFacts, ReportedUse, UseFacts } from "../../shared/domain/use.ts";

export const useNow = Date.UTC(2026, 10, 22, 3, 15);

export function daysAgo(days: number): number {
  return useNow - days * dayMs;
}

/** One activity of the report, the others never. */
export function reportedAt(at: number, activity: keyof ReportedUse = "asClient"): ReportedUse {
  const never = { latest: null, asClient: null, forUsers: null, asResource: null, asResourceForUsers: null };
  return { ...never, [activity]: at };
}

export function credentialFacts(changes: Partial<CredentialFacts> = {}): CredentialFacts {
  return {
    keyId: "44444444-4444-4444-8444-444444444444",
    object: "application",
    type: "secret",
    createdAt: daysAgo(700),
    expiresAt: daysAgo(-100),
    lastUsedAt: daysAgo(3),
    ...changes,
  };
}

export function useFacts(changes: Partial<UseFacts> = {}): UseFacts {
  return {
    now: useNow,
    identity: {
      tenantId: "11111111-1111-4111-8111-111111111111",
      appId: "22222222-2222-4222-8222-222222222222",
      servicePrincipalId: "33333333-3333-4333-8333-333333333333",
      applicationObjectId: "55555555-5555-4555-8555-555555555555",
    },
    kind: "home-single-tenant",
    claimedName: "Old job",
    enabled: true,
    createdAt: daysAgo(1_000),
    ssoMode: null,
    loginUrl: null,
    tags: [],
    appProxy: false,
    calledBy: [],
    privileges: [],
    reported: reportedAt(daysAgo(200)),
    seen: { watchedSince: null, lastSuccess: null, longestGapMs: null },
    usersReach: false,
    credentials: [],
    protectedBy: null,
    held: null,
    keptAt: null,
    restoredAt: null,
    disabledByUs: null,
    underAttack: false,
    ...changes,
  };
}
