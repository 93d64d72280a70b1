/** Facts about use made at random: dates on days around every window, odd values now and then, and the policies to judge them by. */
import fc from "fast-check";
import { dayMs } from "../../shared/domain/day.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { RetirePolicy } from "../../shared/domain/retire-policy.ts";
import type { CredentialFacts, ReportedUse, UseFacts } from "../../shared/domain/use.ts";
import { useFacts, useNow } from "./use-facts.ts";

const odd = fc.constantFrom(
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  9e15,
  -1,
  0,
  Number.MAX_VALUE,
);
export const date = fc.integer({ min: -30, max: 900 }).map((days) => useNow - days * dayMs);
export const anyDate = fc.oneof({ weight: 9, arbitrary: date }, { weight: 1, arbitrary: odd });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const orUndefined = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

function reported(at: fc.Arbitrary<number>): fc.Arbitrary<ReportedUse> {
  const each = orNull(at);
  return fc.record({ latest: each, asClient: each, forUsers: each, asResource: each, asResourceForUsers: each });
}

export function credential(at: fc.Arbitrary<number>): fc.Arbitrary<CredentialFacts> {
  return fc.record({
    keyId: fc.constantFrom(..."abcdefghij"),
    object: fc.constantFrom("application", "servicePrincipal"),
    type: fc.constantFrom("secret", "certificate"),
    createdAt: orNull(at),
    expiresAt: orNull(at),
    lastUsedAt: orUndefined(at),
    signing: fc.constantFrom(undefined, false, false, true),
  });
}

/** What decides by use; with all that exempts left out, so that most of it reaches the rules. */
export function using(at: fc.Arbitrary<number>): fc.Arbitrary<UseFacts> {
  const parts = fc.record({
    reported: fc.option(orNull(reported(at)), { nil: undefined, freq: 9 }),
    seen: fc.record({
      watchedSince: orNull(at),
      lastSuccess: orNull(at),
      longestGapMs: orNull(fc.integer({ min: 0, max: 600 }).map((days) => days * dayMs)),
    }),
    usersReach: fc.constantFrom(undefined, false, true),
    privileges: fc.constantFrom(undefined, [], ["a role"]),
    keptAt: fc.option(at, { nil: null, freq: 2 }),
    ssoMode: fc.constant("oidc"),
    credentials: orUndefined(fc.array(credential(at), { maxLength: 5 })),
    createdAt: fc.integer({ min: 90, max: 900 }).map((days) => useNow - days * dayMs),
  });
  return parts.map((changes) => useFacts(changes));
}

const changes = {
  kind: fc.constantFrom(...IdentityKind.options),
  enabled: fc.constantFrom(true, false, null, undefined),
  createdAt: orUndefined(anyDate),
  ssoMode: fc.constantFrom("saml", "", null, undefined),
  loginUrl: orNull(fc.webUrl()),
  tags: fc.array(fc.string(), { maxLength: 2 }),
  appProxy: fc.constantFrom(true, false, undefined),
  calledBy: orUndefined(fc.array(fc.string(), { maxLength: 2 })),
  protectedBy: orNull(fc.string()),
  held: orNull(fc.record({ until: anyDate, reason: fc.string(), by: fc.string() })),
  restoredAt: orNull(anyDate),
  disabledByUs: fc.constantFrom("contained", "retired", null, undefined),
  underAttack: fc.constantFrom(true, false, undefined),
} as const satisfies { readonly [fact in keyof UseFacts]?: fc.Arbitrary<UseFacts[fact]> };

export const anything: fc.Arbitrary<UseFacts> = fc
  .tuple(using(anyDate), fc.record(changes), fc.subarray(Object.keys(changes), { maxLength: 3 }))
  .map(([facts, all, some]) => ({
    ...facts,
    ...Object.fromEntries(Object.entries(all).filter(([fact]) => some.includes(fact))),
  }));

export const policies: fc.Arbitrary<RetirePolicy> = fc
  .record({
    unusedDays: fc.integer({ min: 30, max: 400 }),
    rareDays: fc.integer({ min: 90, max: 900 }),
    minAgeDays: fc.integer({ min: 1, max: 90 }),
    exemptTags: fc.array(fc.string(), { maxLength: 2 }),
    credentials: fc.record({
      unusedDays: fc.integer({ min: 30, max: 400 }),
      expiredDays: fc.integer({ min: 1, max: 90 }),
    }),
  })
  // what is used rarely never needs less
  .map((policy) => RetirePolicy.parse({ ...policy, rareDays: Math.max(policy.rareDays, policy.unusedDays) }));

/** More runs than usual keep the rare branches in view. */
export const manyRuns = { numRuns: 2_000 };
