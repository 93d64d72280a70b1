import { describe, expect, test } from "vitest";
import { riskyServicePrincipal, servicePrincipalRiskDetected } from "../../shared/detections/index.ts";
import { detectionExample, riskyExample } from "../../shared/detections/support/examples.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";

const facts = { now: 0, tuning: defaultTuning };
const risky = (riskState: string, riskLevel: string) =>
  riskyServicePrincipal.evaluate(riskyExample({ riskState, riskLevel }), facts);
const detected = (riskState: string, riskLevel: string) =>
  servicePrincipalRiskDetected.evaluate(detectionExample({ riskState, riskLevel }), facts);

describe("severity follows what Entra says", () => {
  test.each([
    ["atRisk", "low", "low"],
    ["atRisk", "medium", "medium"],
    ["atRisk", "high", "high"],
    ["atRisk", "hidden", "high"],
    ["atRisk", "aLevelOf2030", "high"],
    ["AtRisk", "Medium", "medium"],
    ["confirmedCompromised", "none", "critical"],
  ])("%s and %s is %s", (state, level, severity) => {
    expect(risky(state, level)?.severity).toBe(severity);
    expect(detected(state, level)?.severity).toBe(severity);
  });
});

test("a state that cannot be named to us is unknown: a detection of it counts, a summary waits for its detection", () => {
  expect(detected("unknownFutureValue", "high")).not.toBeNull();
  expect(detected("hidden", "high")).not.toBeNull();
  expect(detected("aStateOf2030", "high")).not.toBeNull();
  expect(risky("unknownFutureValue", "high")).toBeNull();
});

test("a later update that says the same is the same finding, one that says more is another", () => {
  const later = riskyExample({ occurredAt: "2026-03-09T00:00:00.000Z", id: "other", isProcessing: true });
  expect(riskyServicePrincipal.evaluate(later, facts)?.dedupeBy).toBe(risky("atRisk", "high")?.dedupeBy);
  expect(risky("atRisk", "medium")?.dedupeBy).not.toBe(risky("atRisk", "high")?.dedupeBy);
  expect(risky("confirmedCompromised", "high")?.dedupeBy).not.toBe(risky("atRisk", "high")?.dedupeBy);
});

test("each detection of Entra is a finding of its own, with its credential", () => {
  const [one, other] = ["a", "b"].map((recordId) =>
    servicePrincipalRiskDetected.evaluate(detectionExample({ recordId }), facts),
  );
  expect(one?.dedupeBy).not.toBe(other?.dedupeBy);
  expect(one?.details).toMatchObject({ keyIds: [expect.any(String)], riskEventType: "leakedCredentials" });
});
