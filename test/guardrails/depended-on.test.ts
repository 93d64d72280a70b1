/** What would stop is known before a disable, or it counts as unknown: up to the very limits of each rule. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Impact } from "../../shared/domain/policy.ts";
import type { IdentityFacts } from "../../shared/domain/snapshot.ts";
import { dependedOn, dependencies } from "../../shared/guardrails/depended-on.ts";
import type { GuardrailSubject } from "../../shared/guardrails/guardrail.ts";
import type { DependencyReading } from "../../shared/ports/stores.ts";
import { now, riskFinding } from "../support/findings.ts";
import {
  application,
  dayMs,
  eradicating,
  facts,
  policy,
  servicePrincipal,
  subjectOf,
  weighed,
} from "../support/guardrail-subject.ts";

const activityAt = (at: number) => {
  const iso = new Date(at).toISOString();
  return riskFinding({}, { warrant: { ...riskFinding({}).warrant, activityAt: iso } });
};
const reading = (change: Partial<DependencyReading> = {}): DependencyReading => ({
  readAt: now - dayMs,
  lastUsedAt: now - 40 * dayMs,
  appProxy: false,
  createdAt: null,
  ...change,
});
const impacts = (change: Partial<GuardrailSubject>) => dependencies(subjectOf(change));
const impactsOfFacts = (change: Partial<IdentityFacts>) => impacts({ facts: facts(change) });
const impactsOfReading = (change: Partial<DependencyReading>) => impacts({ dependencies: [reading(change)] });
const sso = (preferredSingleSignOnMode: string | null) =>
  impactsOfFacts({ servicePrincipal: servicePrincipal({ preferredSingleSignOnMode }) });

describe("what is found", () => {
  test.each([
    ["nothing depends on it", impacts({}), []],
    ["people are assigned", impactsOfFacts({ assignedUsers: 1 }), ["assigned-users"]],
    ["programs are assigned", impactsOfFacts({ clientApplications: 2 }), ["client-apps"]],
    ["it acts for users", impactsOfFacts({ delegatedGrants: 1 }), ["delegated-grants"]],
    ["assignments are too many to count, or unreadable", impactsOfFacts({ assignedUsers: null }), ["unknown"]],
    ["clients are not known", impactsOfFacts({ clientApplications: null }), ["unknown"]],
    ["grants are not known", impactsOfFacts({ delegatedGrants: null }), ["unknown"]],
    ["a sign-in page of its own", sso("saml"), ["sso"]],
    ["no single sign-on", sso(null), []],
    ["Graph's other word for none", sso("notSupported"), []],
    ["an unreadable object", impactsOfFacts({ servicePrincipal: undefined }), ["unknown"]],
    ["it publishes an inside application", impactsOfReading({ appProxy: true }), ["app-proxy"]],
    ["nobody read whether it does", impactsOfReading({ appProxy: null }), ["unknown"]],
    [
      "without a home application there is none",
      impacts({ facts: facts({ application: null }), dependencies: [reading({ appProxy: null })] }),
      [],
    ],
    ["no readings", impacts({ dependencies: [] }), ["unknown"]],
    ["readings that could not be had", impacts({ dependencies: null }), ["unknown"]],
    ["no row in the sign-in report", impactsOfReading({ lastUsedAt: null }), ["unknown"]],
    [
      "everything at once, each once",
      impactsOfFacts({ assignedUsers: null, clientApplications: null, delegatedGrants: 3 }),
      ["unknown", "delegated-grants"],
    ],
  ])("%s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe("the limits of daily use", () => {
  const readAt = now - dayMs;
  const created = (at: number) => ({
    facts: facts({ application: application({ createdDateTime: new Date(at).toISOString() }) }),
  });
  test.each([
    [
      "last use exactly 10 days before the reading",
      impactsOfReading({ lastUsedAt: readAt - 10 * dayMs }),
      ["daily-use"],
    ],
    ["a millisecond longer ago", impactsOfReading({ lastUsedAt: readAt - 10 * dayMs - 1 }), []],
    [
      "10 days before now, but not before the reading",
      impactsOfReading({ lastUsedAt: now - 10 * dayMs - 1 }),
      ["daily-use"],
    ],
    [
      "exactly 20 days old",
      impacts({ ...created(now - 20 * dayMs), dependencies: [reading({ lastUsedAt: now })] }),
      ["daily-use"],
    ],
    [
      "a millisecond younger",
      impacts({ ...created(now - 20 * dayMs + 1), dependencies: [reading({ lastUsedAt: now })] }),
      [],
    ],
    [
      "young by the cache, where Graph gives no date",
      impacts({
        facts: facts({ application: application({ createdDateTime: null }) }),
        dependencies: [reading({ lastUsedAt: now, createdAt: now - dayMs })],
      }),
      [],
    ],
    [
      "old by Graph, whatever the cache says",
      impacts({ dependencies: [reading({ lastUsedAt: now, createdAt: now })] }),
      ["daily-use"],
    ],
  ])("%s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe("only a reading from before the suspected activity counts", () => {
  const suspectedAt = now - 2 * dayMs;
  const findings = [weighed({ finding: activityAt(suspectedAt) })];
  const quiet = { lastUsedAt: now - 40 * dayMs };
  test.each([
    ["taken at the very moment", [reading({ readAt: suspectedAt, ...quiet })], ["unknown"]],
    ["a millisecond before", [reading({ readAt: suspectedAt - 1, ...quiet })], []],
    [
      "the older of two, when the attacker is in the newer",
      [
        reading({ readAt: suspectedAt + 1, lastUsedAt: suspectedAt }),
        reading({ readAt: suspectedAt - dayMs, ...quiet }),
      ],
      [],
    ],
    [
      "the newer of two, when both are from before",
      [
        reading({ readAt: suspectedAt - 1, lastUsedAt: suspectedAt - dayMs }),
        reading({ readAt: suspectedAt - dayMs, ...quiet }),
      ],
      ["daily-use"],
    ],
  ])("%s", (_, readings, expected) => {
    const found = impacts({ findings, dependencies: readings });
    expect(found.filter((impact) => impact !== "app-proxy")).toEqual(expected);
  });

  test("the earliest activity of all findings decides", () => {
    const both = [weighed({ finding: activityAt(now) }), ...findings];
    expect(impacts({ findings: both, dependencies: [reading({ readAt: suspectedAt + 1 })] })).toEqual(["unknown"]);
  });

  test("an activity without a readable time leaves everything unknown", () => {
    const finding = riskFinding({}, { warrant: { ...riskFinding({}).warrant, activityAt: "soon" } });
    expect(impacts({ findings: [weighed({ finding })] })).toEqual(["unknown"]);
  });
});

describe("the question", () => {
  const used = { facts: facts({ assignedUsers: 3, delegatedGrants: 1 }) };
  const confirmed = { riskEventType: "adminConfirmedServicePrincipalCompromised" };

  test("names what depends on it", () => {
    expect(dependedOn.check(subjectOf(used))).toEqual({
      verdict: "ask",
      reason: "what depends on it: assigned-users, delegated-grants",
    });
  });

  test("is not put where the policy does not ask for it, or where nothing is disabled", () => {
    const silent = { ...policy, impact: { ...policy.impact, approveWhen: [] } };
    expect(dependedOn.check(subjectOf({ ...used, policy: silent })).verdict).toBe("pass");
    expect(dependedOn.check(eradicating("all", used)).verdict).toBe("pass");
  });

  test.each([
    ["somebody weighed the impact already", weighed({ finding: riskFinding(confirmed) }), "pass"],
    [
      "by the detail of a summary, too",
      weighed({ finding: riskFinding({ riskEventType: null, riskDetail: confirmed.riskEventType }) }),
      "pass",
    ],
    ["not while Graph does not bear it out", weighed({ finding: riskFinding(confirmed), borneOut: false }), "ask"],
    ["not while Graph could not be asked", weighed({ finding: riskFinding(confirmed), borneOut: null }), "ask"],
    ["not after it was taken back", weighed({ finding: riskFinding(confirmed), withdrawn: true }), "ask"],
    ["not by other evidence", weighed({ finding: riskFinding({}) }), "ask"],
  ])("%s", (_, finding, verdict) => {
    expect(dependedOn.check(subjectOf({ ...used, findings: [weighed(), finding] })).verdict).toBe(verdict);
  });
});

test("the more the policy asks for, the more is asked", () => {
  const counts = fc.constantFrom(0, 1, null);
  const shape = fc.record({ assignedUsers: counts, clientApplications: counts, delegatedGrants: counts });
  fc.assert(
    fc.property(shape, fc.subarray([...Impact.options]), fc.constantFrom(...Impact.options), (change, some, more) => {
      const asks = (approveWhen: Impact[]) =>
        dependedOn.check(
          subjectOf({ facts: facts(change), policy: { ...policy, impact: { ...policy.impact, approveWhen } } }),
        ).verdict === "ask";
      if (asks(some)) expect(asks([...some, more])).toBe(true);
    }),
  );
});
