/** Consents that Microsoft stopped; all other failures are nobody's business. */
import { describe, expect, test } from "vitest";
import { appId, applicationId, audit, eventOf, type Raw, servicePrincipalId, target, verdict } from "./build.ts";

const said = (displayName: string, value: string) => ({ displayName, oldValue: null, newValue: JSON.stringify(value) });
const none = "00000000-0000-0000-0000-000000000000";
const permissions = `[] => [[Id: AAAA, ClientId: ${none}, PrincipalId: ${none}, ResourceId: ${servicePrincipalId}, ConsentType: Principal, Scope: Mail.Read Mail.Send Mail.Read, CreatedDateTime: , LastModifiedDateTime ]]; `;
const reason = said("ConsentAction.Reason", "Risky application detected");
const failed = (properties: Raw, ...changed: Raw[]) =>
  audit(
    {
      result: "failure",
      additionalDetails: [{ key: "AppId", value: appId }],
      targetResources: [
        target("Application", applicationId, said("ConsentAction.Permissions", permissions), ...changed),
      ],
      ...properties,
    },
    "Consent to application",
  );

describe("a consent that was blocked as risky", () => {
  test("names the application by its appId, and what was asked for", () => {
    const event = eventOf("consent-blocked", failed({}, reason));
    expect(event).toMatchObject({
      subject: { appId, servicePrincipalId: null, applicationObjectId: null },
      reason: "Risky application detected",
      scopes: ["Mail.Read", "Mail.Send"],
      claimedName: "Contoso",
    });
    expect(event).not.toHaveProperty("claimedId");
  });

  test.each<[string, Raw]>([
    [
      "the result's reason",
      failed({ resultReason: "Microsoft.Online.Security.UserConsentBlockedForRiskyAppsException" }),
    ],
    [
      "the exception",
      failed({}, said("MethodExecutionResult.", "Microsoft.online.Security.userConsentBlockedForRiskyAppsExceptions")),
    ],
    ["the envelope", { ...failed({}), resultDescription: "Risky application detected" }],
  ])("is known by %s", (_, record) => {
    expect(eventOf("consent-blocked", record).reason).toMatch(/risky/i);
  });

  test("is about the object where no appId is said, whichever it is", () => {
    expect(eventOf("consent-blocked", failed({ additionalDetails: [] }, reason)).subject).toMatchObject({
      appId: null,
      applicationObjectId: applicationId,
    });
    const targetResources = [target("ServicePrincipal", servicePrincipalId, reason)];
    expect(eventOf("consent-blocked", failed({ targetResources })).subject).toMatchObject({
      appId,
      servicePrincipalId,
    });
  });

  test.each<[string, Raw, string]>([
    ["failed for another reason", failed({ resultReason: "UserConsentNeedsAdmin" }), "ignored: activity-failed"],
    ["failed for no reason", failed({}), "ignored: activity-failed"],
    [
      "names no application",
      failed({ targetResources: [], resultReason: "Risky application detected" }),
      "dead letter: no-victim",
    ],
    [
      "is another activity",
      audit({ result: "failure", resultReason: "risky" }, "Add application"),
      "ignored: activity-failed",
    ],
  ])("is none where it %s", (_, record, expected) => {
    expect(verdict(record)).toBe(expected);
  });
});
