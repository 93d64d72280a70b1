import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKnownSignIns, wordsOfSignIn } from "../../shared/engine/ingest/known-sign-ins.ts";
import { appId, eventOf, keyA, servicePrincipalId, signIn, tenantId, verdict } from "./build.ts";

describe("a sign-in", () => {
  test("that was refused because the identity is disabled is evidence", () => {
    expect(eventOf("signed-in", signIn())).toMatchObject({
      errorCode: 7000112,
      occurredAt: "2026-03-02T09:40:00.346Z",
      subject: { servicePrincipalId, appId },
      ipAddress: null,
      credentialKeyId: null,
      resourceServicePrincipalId: null,
      managedIdentity: false,
    });
    expect(eventOf("signed-in", signIn({}, { category: "ManagedIdentitySignInLogs" })).managedIdentity).toBe(true);
  });

  test.each([
    [{}, { resultType: 7000112 }],
    [{ status: { errorCode: "7000112" } }, { resultType: "" }],
    [{ status: '{"errorCode":7000112}' }, { resultType: undefined }],
  ])("carries its code as number or text, on top or within: %j %j", (properties, outer) => {
    expect(verdict(signIn(properties, outer))).toBe("signed-in");
  });

  test.each([
    [{}, { resultType: "0" }, 0],
    [{}, { resultType: 7000222 }, 7000222],
    [{ status: { errorCode: 0 } }, { resultType: undefined }, 0],
  ])("is read whatever its result: %j %j", (properties, outer, errorCode) => {
    expect(eventOf("signed-in", signIn(properties, outer)).errorCode).toBe(errorCode);
  });

  test.each([
    [{ status: null }, { resultType: null }],
    [{ status: { errorCode: [[7000112]] } }, { resultType: [[]] }],
  ])("without a result is set aside: %j %j", (properties, outer) => {
    expect(verdict(signIn(properties, outer))).toBe("dead letter: schema");
  });

  test("says from where, to what, by what and at what risk", () => {
    const event = eventOf(
      "signed-in",
      signIn({
        ipAddress: "203.0.113.7",
        autonomousSystemNumber: "64496",
        location: { city: "Dublin", countryOrRegion: "ie" },
        resourceId: "797F4846-BA00-4FD7-BA43-DAC1F8F63013",
        appOwnerTenantId: tenantId.toUpperCase(),
        servicePrincipalCredentialKeyId: keyA.toUpperCase(),
        clientCredentialType: "clientSecret",
        riskLevelDuringSignIn: "low",
        riskLevelAggregated: "High",
        riskState: "atRisk",
        appliedConditionalAccessPolicies: [
          { id: "P2", result: "reportOnlyFailure" },
          { id: "P1", result: "failure" },
          { id: "P3", result: "success" },
          { result: "failure" },
          "rubbish",
        ],
      }),
    );
    expect(event).toMatchObject({
      ipAddress: "203.0.113.7",
      asn: 64496,
      country: "IE",
      resourceAppId: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
      ownerTenantId: tenantId,
      credentialKeyId: keyA,
      credentialType: "clientSecret",
      risk: { level: "High", state: "atRisk" },
      conditionalAccess: { blockedBy: ["p1"], wouldBlock: ["p2"] },
    });
  });

  test.each([
    ["", { location: "" }],
    ["<Redacted>", { location: { countryOrRegion: "" } }],
    ["XX.XX.XX.XX", { location: { countryOrRegion: "Ireland" } }],
    ["797f4846-ba00-4fd7-ba43-dac1f8f63013", {}],
    [["203.0.113.7"], { autonomousSystemNumber: 0 }],
    ["203.0.113.256", { autonomousSystemNumber: "AS1" }],
  ])("from %j is from nowhere that we know", (ipAddress, properties) => {
    expect(eventOf("signed-in", signIn({ ipAddress, ...properties }))).toMatchObject({
      ipAddress: null,
      country: null,
      asn: null,
    });
  });

  test("takes the country of the envelope where its own is empty", () => {
    expect(eventOf("signed-in", signIn({ location: { countryOrRegion: "" } }, { location: "IN" })).country).toBe("IN");
  });

  test.each([
    ["low", "medium", "medium"],
    ["hidden", "none", "none"],
    ["hidden", "", "hidden"],
    ["low", "extreme", "low"],
    ["none", "extreme", "extreme"],
    ["", null, null],
  ])("of risk %s and %s is of risk %s", (riskLevelDuringSignIn, riskLevelAggregated, level) => {
    expect(eventOf("signed-in", signIn({ riskLevelDuringSignIn, riskLevelAggregated })).risk.level).toBe(level);
  });

  test("by a key id of zeros was by a federated credential, as older records say it", () => {
    const zeros = { servicePrincipalCredentialKeyId: "00000000-0000-0000-0000-000000000000" };
    expect(eventOf("signed-in", signIn(zeros))).toMatchObject({
      credentialKeyId: null,
      credentialType: "federatedIdentityCredential",
    });
    const said = { ...zeros, clientCredentialType: "clientAssertion" };
    expect(eventOf("signed-in", signIn(said)).credentialType).toBe("clientAssertion");
    const managed = signIn(zeros, { category: "ManagedIdentitySignInLogs" });
    expect(eventOf("signed-in", managed)).toMatchObject({ credentialKeyId: null, credentialType: null });
  });

  test.each([
    ["clientAssertion", "0f9b1c52-3a1d-4d0c-8f86-1f3f2f1a7c22", "federatedIdentityCredential"],
    [null, "0f9b1c52-3a1d-4d0c-8f86-1f3f2f1a7c22", "federatedIdentityCredential"],
    ["certificate", "", "certificate"],
    ["certificate", "00000000-0000-0000-0000-000000000000", "certificate"],
    ["clientSecret", undefined, "clientSecret"],
  ])("of type %s with the federated credential %j is by %s", (clientCredentialType, federatedCredentialId, type) => {
    const record = signIn({ clientCredentialType, federatedCredentialId });
    expect(eventOf("signed-in", record).credentialType).toBe(type);
  });

  test("that names nobody is set aside", () => {
    expect(verdict(signIn({ servicePrincipalId: "", appId: null }))).toBe("dead letter: no-victim");
  });

  test("is read or set aside with a reason, whatever is in its fields", () => {
    const fields = fc.constantFrom(
      ...["appId", "servicePrincipalId", "servicePrincipalCredentialKeyId", "clientCredentialType", "resourceId"],
      ...["ipAddress", "autonomousSystemNumber", "location", "riskState", "riskLevelAggregated", "status"],
      ...["appliedConditionalAccessPolicies", "appOwnerTenantId", "createdDateTime", "id"],
    );
    fc.assert(
      fc.property(fc.dictionary(fields, fc.jsonValue()), fc.jsonValue(), (properties, location) => {
        const record = signIn(properties, { location });
        expect(verdict(record)).toMatch(/^(signed-in|dead letter: (no-victim|schema))$/);
        expect(() => createKnownSignIns().add(wordsOfSignIn(record) ?? [])).not.toThrow();
      }),
    );
  });
});
