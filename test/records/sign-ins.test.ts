import { describe, expect, test } from "vitest";
import { appId, eventOf, servicePrincipalId, signIn, verdict } from "./build.ts";

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
    [{}, { resultType: "0" }],
    [{}, { resultType: 7000222 }],
    [{ status: { errorCode: 0 } }, { resultType: undefined }],
    [{ status: null }, { resultType: null }],
    [{ status: { errorCode: [[7000112]] } }, { resultType: [[]] }],
  ])("of any other result is not needed: %j %j", (properties, outer) => {
    expect(verdict(signIn(properties, outer))).toBe("ignored: sign-in-not-needed");
  });

  test("that names nobody is set aside", () => {
    expect(verdict(signIn({ servicePrincipalId: "", appId: null }))).toBe("dead letter: no-victim");
  });
});
