/** How far one finding permits to go: its strictest line counts, every limit says why, and Graph's words outweigh the record's. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../../shared/domain/finding.ts";
import { atLeast, Ceiling } from "../../../shared/domain/mode.ts";
import { type Line, type Policy, Requirement } from "../../../shared/domain/policy.ts";
import type { IdentityFacts } from "../../../shared/domain/snapshot.ts";
import { type Evidence, isWithdrawn } from "../../../shared/engine/evidence/evidence.ts";
import { weighFinding } from "../../../shared/engine/evidence/weigh-finding.ts";
import { credentialFinding, leakedKeyId, now, riskFinding, subject } from "../../support/findings.ts";
import { application, facts, policy, servicePrincipal } from "../../support/guardrail-subject.ts";

const hourMs = 3600_000;
const ago = (ms: number) => new Date(now - ms).toISOString();

const copy = {
  id: "record-1",
  servicePrincipalId: subject.servicePrincipalId,
  riskEventType: "leakedCredentials",
  riskLevel: "high",
  riskState: "atRisk",
  riskDetail: "none",
  keyIds: [leakedKeyId],
  activityDateTime: ago(hourMs),
};

function bornOut(change: Partial<Evidence> = {}): Evidence {
  return { borneOut: true, withdrawn: false, at: ago(hourMs), risk: copy, ...change };
}

interface Weighed {
  readonly finding?: Finding;
  readonly evidence?: Evidence;
  readonly facts?: IdentityFacts;
  readonly policy?: Policy;
}

function weigh({
  finding = riskFinding({}),
  evidence = bornOut(),
  facts: known = facts(),
  policy: by = policy,
}: Weighed = {}) {
  return weighFinding({ finding, evidence, facts: known, policy: by, now });
}

const lines = (change: Partial<Policy>): Policy => ({ ...policy, ...change });
const line = (max: Ceiling, ...require: Requirement[]): Line => ({ max, require });
const added = { borneOut: true, withdrawn: false, at: ago(60_000), risk: null };

test("what a stage removed itself since it began takes nothing from the evidence it began with", () => {
  const gone = facts({ application: application({ passwordCredentials: [] }) });
  const by = lines({ riskEventTypes: { leakedCredentials: line("enforce", "credential-still-valid") } });
  const weighing = { finding: riskFinding({}), evidence: bornOut(), facts: gone, policy: by, now };
  expect(weighFinding(weighing).mode).toBe("approve");
  expect(weighFinding({ ...weighing, begun: true }).mode).toBe("enforce");
});

test("a high, borne out leak of a secret that still works permits everything, without a limit", () => {
  expect(weigh()).toMatchObject({ mode: "enforce", limits: [], borneOut: true, withdrawn: false });
});

describe("the strictest line counts", () => {
  test.each([
    ["the detection's own ceiling", { finding: riskFinding({}, { ceiling: "notify" }) }, "notify", /ceiling of/],
    [
      "the detection's line",
      { policy: lines({ detections: { "service-principal-risk-detected": line("observe") } }) },
      "observe",
      /^detections\./,
    ],
    ["no line for the detection", { policy: lines({ detections: {} }) }, "observe", /^detections\./],
    [
      "the kind of risk",
      { policy: lines({ riskEventTypes: { leakedCredentials: line("approve") } }) },
      "approve",
      /^riskEventTypes\.leaked/,
    ],
    ["the level of risk", { policy: lines({ riskLevels: { high: line("observe") } }) }, "observe", /^riskLevels\.high/],
    [
      "a kind nobody listed, by `unknown`",
      { policy: lines({ riskEventTypes: { unknown: line("observe") } }) },
      "observe",
      /leakedCredentials permits observe/,
    ],
    [
      "a kind nobody listed, without `unknown`",
      { policy: lines({ riskEventTypes: {} }) },
      "approve",
      /leakedCredentials permits approve/,
    ],
    ["a level nobody listed", { policy: lines({ riskLevels: {} }) }, "approve", /^riskLevels\.high/],
  ] as const)("%s", (_, change, mode, why) => {
    const found = weigh(change);
    expect(found.mode).toBe(mode);
    expect(found.limits).toEqual([expect.stringMatching(why)]);
  });

  test("a name that every object has is no line of the policy", () => {
    const evidence = bornOut({ risk: { ...copy, riskEventType: "constructor" } });
    expect(weigh({ evidence }).mode).toBe("approve");
  });

  test("whatever the lines say, no line is ever exceeded", () => {
    const anyLine = fc.record({
      max: fc.constantFrom(...Ceiling.options),
      require: fc.subarray([...Requirement.options]),
    });
    fc.assert(
      fc.property(anyLine, anyLine, anyLine, fc.constantFrom(...Ceiling.options), (detection, type, level, ceiling) => {
        const by = lines({
          detections: { "service-principal-risk-detected": detection },
          riskEventTypes: { leakedCredentials: type },
          riskLevels: { high: level },
        });
        const { mode, limits } = weigh({ policy: by, finding: riskFinding({}, { ceiling }) });
        for (const bound of [detection.max, type.max, level.max, ceiling]) expect(atLeast(bound, mode)).toBe(true);
        expect(limits.length > 0).toBe(mode !== "enforce");
      }),
    );
  });
});

describe("an unmet requirement asks", () => {
  const valid = (endDateTime: string | null) => ({ passwordCredentials: [{ keyId: leakedKeyId, endDateTime }] });
  const onApplication = (endDateTime: string | null) => facts({ application: application(valid(endDateTime)) });
  const requiring = (requirement: Requirement) =>
    lines({ riskEventTypes: { leakedCredentials: line("enforce", requirement) } });
  const credential = requiring("credential-still-valid");
  const onPrincipal = facts({ application: null, servicePrincipal: servicePrincipal(valid(null)) });
  test.each([
    ["the leaked secret has no end", credential, onApplication(null), "enforce"],
    ["it ends a millisecond later", credential, onApplication(new Date(now + 1).toISOString()), "enforce"],
    ["it ends at this moment", credential, onApplication(new Date(now).toISOString()), "approve"],
    ["its end cannot be read", credential, onApplication("never"), "approve"],
    ["it lies on the service principal", credential, onPrincipal, "enforce"],
    ["it is gone", credential, facts({ application: application({ passwordCredentials: [] }) }), "approve"],
    ["nobody could look", credential, facts({ application: undefined, servicePrincipal: undefined }), "approve"],
    ["the application is foreign", requiring("foreign-application"), facts({ kind: "foreign" }), "enforce"],
    ["the application is ours", requiring("foreign-application"), facts(), "approve"],
    ["the kind is unknown", requiring("foreign-application"), facts({ kind: "unknown" }), "approve"],
    ["the level is high", requiring("high-risk"), facts(), "enforce"],
  ] as const)("%s", (_, by, known, mode) => {
    expect(weigh({ policy: by, facts: known }).mode).toBe(mode);
  });

  test.each(["medium", "low", "hidden", "none", "High", "aLevelNotKnownYet"])("the level is %s", (riskLevel) => {
    const by = { ...requiring("high-risk"), riskLevels: { unknown: line("enforce") } };
    expect(weigh({ policy: by, evidence: bornOut({ risk: { ...copy, riskLevel } }) }).mode).toBe("approve");
  });

  test("evidence that names no risk meets no requirement about risk", () => {
    const by = lines({ detections: { "credential-added-to-service-principal": line("enforce", "high-risk") } });
    expect(weigh({ policy: by, finding: credentialFinding({}), evidence: added })).toMatchObject({ mode: "approve" });
  });
});

describe("Graph's words replace the record's", () => {
  const boasting = riskFinding({
    riskEventType: "adminConfirmedServicePrincipalCompromised",
    riskLevel: "high",
    riskDetail: "adminConfirmedServicePrincipalCompromised",
  });

  test("in what the lines are looked up by", () => {
    const evidence = bornOut({ risk: { ...copy, riskLevel: "low" } });
    expect(weigh({ evidence })).toMatchObject({ mode: "observe", limits: ["riskLevels.low permits observe"] });
  });

  test("in which credential leaked", () => {
    expect(weigh({ evidence: bornOut({ risk: { ...copy, keyIds: [] } }) }).mode).toBe("approve");
    const finding = riskFinding({ keyIds: [] });
    expect(weigh({ finding }).mode).toBe("enforce");
  });

  test("in what the guardrails see, so that a true record id lends no weight to false words", () => {
    expect(weigh({ finding: boasting }).finding.details).toMatchObject({
      riskEventType: "leakedCredentials",
      riskDetail: "none",
    });
  });

  test("for a summary, by the detection that Graph lists", () => {
    const summary = riskFinding({ riskEventType: null, keyIds: [] }, { detection: "risky-service-principal" });
    const found = weigh({
      finding: summary,
      evidence: bornOut({ risk: { ...copy, riskEventType: "suspiciousSignins" } }),
    });
    expect(found.finding.details).toMatchObject({ riskEventType: "suspiciousSignins" });
    expect(found.mode).toBe("approve");
  });

  test("but where Graph has no copy they are all there is, and ask", () => {
    const found = weigh({ finding: boasting, evidence: bornOut({ borneOut: false, risk: null }) });
    expect(found).toMatchObject({ mode: "approve", borneOut: false, limits: ["not borne out by Graph"] });
    expect(found.finding).toEqual(boasting);
  });
});

describe("evidence that does not hold", () => {
  test.each([
    ["not borne out", bornOut({ borneOut: false }), "approve"],
    ["not known yet", bornOut({ borneOut: null }), "approve"],
    ["withdrawn", bornOut({ withdrawn: true }), "observe"],
  ] as const)("%s", (_, evidence, mode) => {
    expect(weigh({ evidence })).toMatchObject({ mode, borneOut: evidence.borneOut, withdrawn: evidence.withdrawn });
  });

  test.each(["dismissed", "Remediated", "confirmedSafe"])("a risk that is %s is withdrawn", (state) => {
    expect(isWithdrawn(state)).toBe(true);
  });

  test.each(["atRisk", "confirmedCompromised", "unknownFutureValue", ""])("a risk that is '%s' is not", (state) => {
    expect(isWithdrawn(state)).toBe(false);
  });
});

test("a stored ceiling that was loosened by hand does not count", () => {
  const detection = "credential-added-to-service-principal";
  const policy = lines({ detections: { [detection]: line("enforce") } });
  const finding = { ...credentialFinding({}), detection, ceiling: "enforce" as const };
  expect(weigh({ finding, evidence: added, policy }).mode).toBe("approve");
});

describe("old evidence asks", () => {
  const audit = (ms: number): Weighed => ({
    // the credential detections we have never enforce
    finding: { ...credentialFinding({}), detection: "another-audit-detection" },
    evidence: { ...added, at: ago(ms) },
    policy: lines({ detections: { "another-audit-detection": line("enforce") } }),
  });
  const { riskHours, auditMinutes } = policy.freshness;
  test.each([
    ["risk exactly at the limit", { evidence: bornOut({ at: ago(riskHours * hourMs) }) }, "enforce"],
    ["risk a millisecond older", { evidence: bornOut({ at: ago(riskHours * hourMs + 1) }) }, "approve"],
    ["an audit record exactly at the limit", audit(auditMinutes * 60_000), "enforce"],
    ["an audit record a millisecond older", audit(auditMinutes * 60_000 + 1), "approve"],
    ["a time that cannot be read", { evidence: bornOut({ at: "" }) }, "approve"],
  ] as const)("%s", (_, change, mode) => {
    expect(weigh(change).mode).toBe(mode);
  });

  test("by Graph's time: a replayed record cannot make itself younger", () => {
    const evidence = bornOut({ at: ago(30 * hourMs) });
    expect(weigh({ finding: riskFinding({}), evidence }).limits).toEqual(["the evidence is 1800 minutes old"]);
  });
});
