import { describe, expect, test } from "vitest";
import { appId, audit, eventOf, type Raw, servicePrincipalId, target, verdict } from "./build.ts";

const graph = "c6de1beb-148e-43f6-8c73-29d84232e699";
const graphAppId = "00000003-0000-0000-c000-000000000000";
const user = "9d8001cb-a159-4252-a3a1-c2dc689f322a";
const property = (displayName: string, newValue: unknown, oldValue: unknown = null): Raw => ({
  displayName,
  oldValue: oldValue === null ? null : JSON.stringify(oldValue),
  newValue: newValue === null ? null : JSON.stringify(newValue),
});
const names = property(
  "TargetId.ServicePrincipalNames",
  `${graphAppId}/ags.windows.net;${graphAppId};https://graph.microsoft.com`,
);
const grantee = property("ServicePrincipal.ObjectID", servicePrincipalId);
const toApi = (operation: string, ...changed: Raw[]) =>
  audit({ targetResources: [target("ServicePrincipal", graph, ...changed, names)] }, operation);

const appRole = (...changed: Raw[]) => toApi("Add app role assignment to service principal", ...changed);
const delegated = (scope: Raw, ...changed: Raw[]) =>
  toApi(
    "Add delegated permission grant",
    scope,
    property("DelegatedPermissionGrant.ConsentType", "Principal"),
    ...changed,
  );

describe("a permission that is granted", () => {
  const role = property("AppRole.Id", "9E3F62CF-CA93-4989-B6CE-BF83C28F9FE8");
  const value = property("AppRole.Value", "RoleManagement.ReadWrite.Directory");

  test("is the grantee's, never the API's that stands first", () => {
    expect(
      eventOf("app-role-granted", appRole(role, value, grantee, property("ServicePrincipal.AppId", appId))),
    ).toMatchObject({
      subject: { servicePrincipalId, appId, applicationObjectId: null },
      resourceId: graph,
      resourceAppId: graphAppId,
      appRoleId: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
      value: "RoleManagement.ReadWrite.Directory",
    });
  });

  test("never takes the API's appId for the grantee's", () => {
    const record = appRole(role, grantee, property("ServicePrincipal.AppId", null));
    const withDetails = {
      ...record,
      properties: { ...(record.properties as Raw), additionalDetails: [{ key: "AppId", value: graphAppId }] },
    };
    expect(eventOf("app-role-granted", withDetails).subject.appId).toBeNull();
  });

  test.each<[string, Raw]>([
    ["nobody is named", appRole(role)],
    [
      "the API's id is no GUID",
      audit(
        { targetResources: [target("ServicePrincipal", "x", grantee)] },
        "Add app role assignment to service principal",
      ),
    ],
    [
      "two grants are in one record",
      audit(
        { targetResources: [1, 2].map(() => target("ServicePrincipal", graph, grantee)) },
        "Add delegated permission grant",
      ),
    ],
  ])("is nobody's when %s", (_, record) => {
    expect(verdict(record)).toBe("dead letter: no-victim");
  });

  test("of a delegated kind is what was not there before", () => {
    const record = delegated(
      property("DelegatedPermissionGrant.Scope", " User.Read  Mail.Read Mail.Read", "openid user.read"),
      grantee,
    );
    expect(eventOf("delegated-grant-added", record)).toMatchObject({
      subject: { servicePrincipalId, appId: null },
      scopes: ["Mail.Read"],
      consentType: "Principal",
      principalId: null,
    });
    expect(verdict(delegated(property("DelegatedPermissionGrant.Scope", "a b", "b a"), grantee))).toBe(
      "ignored: nothing-changed",
    );
    expect(verdict(delegated(property("DelegatedPermissionGrant.Scope", null), grantee))).toBe(
      "ignored: scopes-not-said",
    );
  });
});

describe("a consent", () => {
  const entry = (more: string, resource = graph, client = servicePrincipalId) =>
    `[Id: x, ClientId: ${client}, PrincipalId: ${user}, ResourceId: ${resource}, ConsentType: Principal, Scope: ${more}]`;
  const consent = (permissions: unknown, ...more: Raw[]) =>
    audit(
      {
        targetResources: [
          target("ServicePrincipal", servicePrincipalId, property("ConsentAction.Permissions", permissions), ...more),
        ],
      },
      "Consent to application",
    );

  test("says which scopes came, for whom and towards what", () => {
    const dated = entry(" Mail.Read User.Read, CreatedDateTime: , LastModifiedDateTime ");
    const event = eventOf("consented", consent(`[${entry("User.Read")}] => [${dated}, ${entry("x.y", user)}]; `));
    expect(event.grants).toEqual([
      { resourceId: graph, scopes: ["Mail.Read"], consentType: "Principal", principalId: user },
      { resourceId: user, scopes: ["x.y"], consentType: "Principal", principalId: user },
    ]);
    expect(event).toMatchObject({
      onBehalfOfAll: false,
      appRoles: false,
      risky: false,
      subject: { servicePrincipalId },
    });
  });

  test("for everybody, of application permissions, or in spite of a warning is told", () => {
    const event = eventOf(
      "consented",
      consent(
        "[] => []; ",
        property("ConsentContext.OnBehalfOfAll", "True"),
        property("ConsentContext.IsAppOnly", true),
        property("ConsentAction.Reason", "Risky application detected"),
      ),
    );
    expect(event).toMatchObject({ onBehalfOfAll: true, appRoles: true, risky: true, grants: [] });
  });

  test("counts an entry whose client is all zeros as its own: the service principal was not there yet", () => {
    const zeros = "00000000-0000-0000-0000-000000000000";
    const event = eventOf(
      "consented",
      consent(`[] => [${entry("Mail.Read", graph, zeros)}, ${entry("a.b", user, user)}]; `),
    );
    expect(event.grants).toEqual([
      { resourceId: graph, scopes: ["Mail.Read"], consentType: "Principal", principalId: user },
    ]);
  });

  test.each([
    ["an API that is masked", `[] => [${entry("Mail.Read User.Read", "c6de1beb-xxxx")}]`, false],
    [
      "an API that is masked, for all",
      `[] => [${entry("Mail.Read User.Read", "x").replace("Principal,", "AllPrincipals,")}]`,
      true,
    ],
    ["a list", ["User.Read", "Mail.Read"], false],
    ["bare words", "Mail.Read User.Read", false],
    ["words that came to others", "User.Read => User.Read, Mail.Read; ", false],
  ])("names the permissions of %s", (_, permissions, onBehalfOfAll) => {
    const event = eventOf("consented", consent(permissions));
    expect(event).toMatchObject({ grants: [], onBehalfOfAll });
    expect(event.illegibleScopes).toContain("Mail.Read");
  });

  test("of which nothing is written names none", () => {
    for (const permissions of ["[] => []; ", "", null, 7, [[]], {}]) {
      const event = eventOf("consented", consent(permissions));
      expect(event.grants).toEqual([]);
      expect(event.illegibleScopes).toBeUndefined();
    }
  });

  test("leaves out what another client got, and reads a text of any length in no time", () => {
    expect(eventOf("consented", consent(`[] => [${entry("Mail.Read", graph, user)}]`)).grants).toEqual([]);
    const endless = "[] => [[Id: ".concat("ClientId: ".repeat(100_000), entry("Mail.Send"));
    expect(eventOf("consented", consent(endless)).grants).toHaveLength(1);
  });

  test("whose target is no service principal gives nothing", () => {
    expect(verdict(audit({}, "Consent to application"))).toBe("dead letter: no-victim");
  });
});
