/** What Identity Protection says of agents: the same events as of other service principals, and nothing of agents' users. */
import { describe, expect, test } from "vitest";
import { envelope, eventOf, type Raw, servicePrincipalId, verdict } from "./build.ts";

const agent = { displayName: "Invoice agent", riskState: "atRisk", riskLevel: "high", riskDetail: "none" };
const risky = (change: Raw = {}) =>
  envelope("RiskyAgents", {
    ...agent,
    id: servicePrincipalId,
    identityType: "agentIdentity",
    riskLastModifiedDateTime: "2026-03-02T09:40:00Z",
    ...change,
  });
const detected = (change: Raw = {}) =>
  envelope("AgentRiskEvents", {
    ...agent,
    id: "2856d6e87c5c3a74021ff70291fa6810",
    identityId: servicePrincipalId,
    identityType: "AgentIdentity",
    riskEventType: "unfamiliarResourceAccess",
    activityDateTime: "2026-03-02T08:00:00Z",
    detectedDateTime: "2026-03-02T09:00:00Z",
    ...change,
  });

describe("a risky agent", () => {
  test("is a risky service principal without an appId", () => {
    expect(eventOf("risky-service-principal-updated", risky())).toMatchObject({
      category: "RiskyAgents",
      recordId: servicePrincipalId,
      occurredAt: "2026-03-02T09:40:00.000Z",
      subject: { servicePrincipalId, appId: null },
      claimedName: "Invoice agent",
      riskLevel: "high",
    });
  });

  test.each<[string, Raw, string]>([
    ["an agent's user", { identityType: "agentUser" }, "ignored: no-service-principal"],
    ["a user", { identityType: "user" }, "ignored: no-service-principal"],
    ["what was only discovered", { identityType: "discoveredAgentIdentity" }, "ignored: no-service-principal"],
    ["who is not named at all", { id: null, displayName: null }, "dead letter: no-victim"],
    ["what has no state", { riskState: null }, "dead letter: schema"],
  ])("%s is none", (_, change, expected) => {
    expect(verdict(risky(change))).toBe(expected);
  });
});

describe("a risk detection on an agent", () => {
  test("is read by the new names, and by the old ones", () => {
    const event = { riskEventType: "unfamiliarResourceAccess", occurredAt: "2026-03-02T08:00:00.000Z", keyIds: [] };
    const subject = { servicePrincipalId, appId: null };
    const old = detected({ identityId: null, agentId: servicePrincipalId, displayName: null, agentDisplayName: "Old" });
    expect(eventOf("risk-detected", detected())).toMatchObject({ ...event, subject, claimedName: "Invoice agent" });
    expect(eventOf("risk-detected", old)).toMatchObject({ ...event, subject, claimedName: "Old" });
  });

  test("of a blueprint's principal is one, too", () => {
    const record = detected({ identityType: "AgentIdentityBlueprintPrincipal" });
    expect(eventOf("risk-detected", record).subject.servicePrincipalId).toBe(servicePrincipalId);
  });

  test("without a type is set aside", () => {
    expect(verdict(detected({ riskEventType: undefined }))).toBe("dead letter: schema");
  });
});
