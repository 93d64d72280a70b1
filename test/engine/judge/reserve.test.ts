/** The blast radius: sliding windows that one more must fit into, for a tenant of any size. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Policy } from "../../../shared/domain/policy.ts";
import { capOf, fits, isFresh, isKept } from "../../../shared/engine/judge/reserve.ts";
import type { DependencySummary, Reservation } from "../../../shared/ports/stores.ts";
import { now } from "../../support/findings.ts";
import { application, dayMs, facts, policy, subjectOf, weighed } from "../../support/guardrail-subject.ts";

const hourMs = 3600_000;
const tenantOf = (enabledServicePrincipals: number): DependencySummary => ({
  readAt: now - hourMs,
  enabledServicePrincipals,
});
const big = tenantOf(10_000);

function reservation(change: Partial<Reservation> = {}): Reservation {
  return { planId: "p", playbook: "contain-compromised-identity", at: now, fresh: false, ...change };
}

const held = (count: number, change: Partial<Reservation> = {}) =>
  Array.from({ length: count }, () => reservation(change));
const radius = (change: Partial<Policy["blastRadius"]>): Policy => ({
  ...policy,
  blastRadius: { ...policy.blastRadius, reservedForTier0: 0, ...change },
});
const wide = radius({
  perHour: 1000,
  perDay: 1000,
  perPlaybookPerHour: 1000,
  freshIdentitiesPerHour: 1000,
  percent: 100,
});

describe("the cap", () => {
  test.each([
    ["a percentage of a small tenant", 5, 5, tenantOf(40), 2],
    ["rounded up", 5, 5, tenantOf(41), 3],
    ["never below one", 5, 5, tenantOf(1), 1],
    ["never below one, in an empty tenant", 5, 5, tenantOf(0), 1],
    ["never beyond the number", 5, 5, tenantOf(10_000), 5],
    ["one while the tenant's size is unknown", 5, 100, null, 1],
    ["none where the policy says none", 0, 100, big, 0],
    ["one at no percent", 5, 0, big, 1],
  ])("%s", (_, count, percent, summary, cap) => {
    expect(capOf(count, percent, summary)).toBe(cap);
  });

  test("is min(N, max(1, ⌈P %⌉)) for every tenant", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(100), fc.nat(100_000), (count, percent, enabled) => {
        expect(capOf(count, percent, tenantOf(enabled))).toBe(
          Math.min(count, Math.max(1, Math.ceil((enabled * percent) / 100))),
        );
      }),
    );
  });
});

describe("one more fits", () => {
  test.each([
    ["into an empty window", policy, big, [], true],
    ["up to the playbook's last place", radius({ perPlaybookPerHour: 4 }), big, held(3), true],
    ["not beyond it", radius({ perPlaybookPerHour: 4 }), big, held(4), false],
    [
      "beside other playbooks, up to the hour's last place",
      radius({ perHour: 5 }),
      big,
      held(4, { playbook: "other" }),
      true,
    ],
    ["not beyond the hour", radius({ perHour: 5 }), big, held(5, { playbook: "other" }), false],
    ["when exactly an hour has passed", radius({ perHour: 5 }), big, held(5, { at: now - hourMs }), true],
    [
      "not a millisecond before",
      radius({ perHour: 5 }),
      big,
      held(5, { playbook: "other", at: now - hourMs + 1 }),
      false,
    ],
    ["up to the day's last place", radius({ perDay: 15 }), big, held(14, { at: now - 2 * hourMs }), true],
    ["not beyond the day", radius({ perDay: 15 }), big, held(15, { at: now - 2 * hourMs }), false],
    ["only once, while the tenant's size is unknown", policy, null, held(1, { at: now - 23 * hourMs }), false],
    ["young ones beside it do not count", radius({ perHour: 1 }), big, held(9, { fresh: true }), true],
  ])("%s", (_, by, summary, others, expected) => {
    expect(fits(reservation(), others, by, summary)).toBe(expected);
  });

  test.each([
    ["beside any number of grown ones", radius({ freshIdentitiesPerHour: 2 }), held(40), true],
    ["up to the bucket's last place", radius({ freshIdentitiesPerHour: 2 }), held(1, { fresh: true }), true],
    ["not beyond it", radius({ freshIdentitiesPerHour: 2 }), held(2, { fresh: true }), false],
  ])("young identities have a bucket of their own: %s", (_, by, others, expected) => {
    expect(fits(reservation({ fresh: true }), others, by, big)).toBe(expected);
  });

  test("never when what is held did not fit either: more held never permits more", () => {
    const one = fc.record({
      planId: fc.constant("p"),
      playbook: fc.constantFrom("contain-compromised-identity", "other"),
      at: fc.integer({ min: now - dayMs, max: now }),
      fresh: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 30 }), one, fc.boolean(), (others, more, fresh) => {
        const wanted = reservation({ fresh });
        if (!fits(wanted, others, policy, big)) expect(fits(wanted, [...others, more], policy, big)).toBe(false);
        expect(fits(wanted, others, wide, big)).toBe(true);
      }),
    );
  });

  test("no hour of any stream of reservations holds more than the hour permits", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: dayMs - 1 }), { maxLength: 60 }), (times) => {
        const taken: Reservation[] = [];
        for (const at of times.toSorted((a, b) => a - b)) {
          const wanted = reservation({ at: now + at });
          if (fits(wanted, taken, policy, big)) taken.push(wanted);
        }
        for (const { at } of taken) {
          const sameHour = taken.filter((other) => other.at >= at && other.at - at < hourMs);
          expect(sameHour.length).toBeLessThanOrEqual(policy.blastRadius.perPlaybookPerHour);
        }
        expect(taken.length).toBeLessThanOrEqual(policy.blastRadius.perDay);
      }),
    );
  });
});

describe("young is", () => {
  const aged = (createdDateTime: string | null) =>
    isFresh(subjectOf({ facts: facts({ application: application({ createdDateTime }) }) }));
  test.each([
    ["a millisecond under 7 days", aged(new Date(now - 7 * dayMs + 1).toISOString()), true],
    ["not exactly 7 days", aged(new Date(now - 7 * dayMs).toISOString()), false],
    ["not without a date", aged(null), false],
    ["not with a date that cannot be read", aged("yesterday"), false],
    ["not without a home application", isFresh(subjectOf({ facts: facts({ application: null }) })), false],
  ])("%s", (_, found, expected) => {
    expect(found).toBe(expected);
  });
});

describe("places that are kept", () => {
  const keeping = radius({ perHour: 20, perDay: 60, perPlaybookPerHour: 20, reservedForTier0: 2 });
  test.each([
    ["an ordinary one up to the last place that is not kept", false, held(17), true],
    ["an ordinary one not beyond it", false, held(18), false],
    ["a kept one beyond it", true, held(18), true],
    ["a kept one up to the very last place", true, [...held(18), ...held(1, { kept: true })], true],
    ["a kept one not beyond the cap", true, [...held(18), ...held(2, { kept: true })], false],
    [
      "kept ones take no place from ordinary ones before the cap is reached",
      false,
      [...held(17), ...held(2, { kept: true })],
      true,
    ],
    ["and none beyond it", false, [...held(17), ...held(3, { kept: true })], false],
  ])("%s", (_, kept, others, expected) => {
    expect(fits(reservation({ kept }), others, keeping, big)).toBe(expected);
  });

  test("never all of a small window, or nothing else would be contained", () => {
    expect(fits(reservation(), [], radius({ perHour: 2, reservedForTier0: 5 }), big)).toBe(true);
    expect(fits(reservation(), held(1), radius({ perHour: 2, reservedForTier0: 5 }), big)).toBe(false);
  });

  test("are for tier-0 identities, and for critical evidence that Graph bears out", () => {
    const graphRole = { id: "a", appRoleId: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", principalId: "p", resourceId: "r" };
    const critical = { ...weighed().finding, severity: "critical" as const };
    expect(isKept(subjectOf())).toBe(false);
    expect(isKept(subjectOf({ facts: facts({ heldAppRoles: [graphRole] }) }))).toBe(true);
    expect(isKept(subjectOf({ findings: [weighed({ finding: critical })] }))).toBe(true);
    expect(isKept(subjectOf({ findings: [weighed({ finding: critical, borneOut: false })] }))).toBe(false);
    expect(isKept(subjectOf({ facts: facts({ heldAppRoles: null }) }))).toBe(false);
  });
});
