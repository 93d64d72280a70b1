/** What kind of identity it is, cell by cell, from Graph's facts and never from names. */
import { describe, expect, test } from "vitest";
import type { IdentityKind } from "../../../shared/domain/identity.ts";
import { kindOf } from "../../../shared/engine/snapshot/identity-kind.ts";
import { subject } from "../../support/findings.ts";
import { application, servicePrincipal } from "../../support/guardrail-subject.ts";

const other = "11111111-2222-4333-8444-555555555555";
const microsoftTenant = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";
const microsoftGraph = "00000003-0000-0000-c000-000000000000";
const kind = (
  change: Parameters<typeof servicePrincipal>[0],
  app: ReturnType<typeof application> | null | undefined = null,
) => kindOf(servicePrincipal(change), app, subject.tenantId);

describe("by type, owner and audience", () => {
  const owners = [
    ["ours", subject.tenantId],
    ["another tenant's", other],
    ["Microsoft's", microsoftTenant],
    ["nobody's that we can see", null],
  ] as const;
  const expected: Record<string, readonly IdentityKind[]> = {
    Application: ["home-single-tenant", "foreign", "microsoft-first-party", "unknown"],
    ManagedIdentity: ["managed-identity", "managed-identity", "microsoft-first-party", "managed-identity"],
    ServiceIdentity: ["agent", "agent", "microsoft-first-party", "agent"],
    Legacy: ["legacy", "legacy", "microsoft-first-party", "legacy"],
    SocialIdp: ["unknown", "unknown", "microsoft-first-party", "unknown"],
  };
  const cells = Object.entries(expected).flatMap(([type, row]) =>
    owners.map(([whose, owner], i) => [type, whose, owner, row[i]] as const),
  );
  test.each(cells)("a %s, %s", (servicePrincipalType, _whose, appOwnerOrganizationId, is) => {
    expect(kind({ servicePrincipalType, appOwnerOrganizationId })).toBe(is);
  });

  test.each([
    ["AzureADMyOrg", "home-single-tenant"],
    ["AzureADMultipleOrgs", "home-multi-tenant"],
    ["AzureADandPersonalMicrosoftAccount", "home-multi-tenant"],
    ["PersonalMicrosoftAccount", "home-multi-tenant"],
    ["anAudienceNotKnownYet", "home-multi-tenant"],
    [null, "unknown"],
  ])("ours, with the audience %s", (signInAudience, is) => {
    expect(kind({ signInAudience })).toBe(is);
  });

  test("the application's own audience outweighs the copy on the service principal", () => {
    expect(kind({ signInAudience: "AzureADMyOrg" }, application({ signInAudience: "AzureADMultipleOrgs" }))).toBe(
      "home-multi-tenant",
    );
  });

  test("without a type nothing is concluded", () => {
    expect(kind({ servicePrincipalType: null })).toBe("unknown");
  });
});

describe("what stops a tenant is Microsoft's, whatever else is said", () => {
  test("Microsoft Graph itself, even if it claims to be ours", () => {
    expect(kind({ appId: microsoftGraph })).toBe("microsoft-first-party");
  });

  test("known by its application where the service principal is not visible", () => {
    expect(kindOf(null, application({ appId: microsoftGraph }), subject.tenantId)).toBe("microsoft-first-party");
  });
});

test("a service principal that could not be read leaves the kind unknown, and so does one that nothing stands for", () => {
  expect(kindOf(undefined, application(), subject.tenantId)).toBe("unknown");
  expect(kindOf(null, null, subject.tenantId)).toBe("unknown");
  expect(kindOf(null, undefined, subject.tenantId)).toBe("unknown");
});

test.each([
  ["AzureADMyOrg", "home-single-tenant"],
  ["AzureADMultipleOrgs", "home-multi-tenant"],
  [null, "unknown"],
])(
  "an application registered here that has no service principal is ours, with the audience %s",
  (signInAudience, is) => {
    expect(kindOf(null, application({ signInAudience }), subject.tenantId)).toBe(is);
  },
);

test("a name decides nothing", () => {
  expect(kind({ displayName: "Microsoft Graph" })).toBe("home-single-tenant");
  expect(kind({ displayName: "Microsoft Graph", appOwnerOrganizationId: other })).toBe("foreign");
});
