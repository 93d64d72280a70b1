/** The same facts in further spellings of genuine exports: older tenants, other activities, values in lists and alone. */
import { describe, expect, test } from "vitest";
import { normalise } from "../../shared/records/index.ts";
import {
  appId,
  applicationId,
  audit,
  eventOf,
  keyA,
  keyB,
  keyDescription,
  keys,
  type Raw,
  secretsOperation,
  servicePrincipalId,
  target,
  tenantId,
  verdict,
} from "./build.ts";

const json = (value: unknown) => JSON.stringify(value);
const property = (displayName: string, oldValue: unknown, newValue: unknown): Raw => ({
  displayName,
  oldValue,
  newValue,
});
const said = (displayName: string, value: unknown) => property(displayName, null, json(value));
const on = (operation: string, ...targetResources: Raw[]) => audit({ targetResources }, operation);
const graph = "00000003-0000-0000-c000-000000000000";
const api = "e7d34cf5-a413-41ed-b340-305e5d53049d";
const user = "9d8001cb-a159-4252-a3a1-c2dc689f322a";
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
const zeros = "00000000-0000-0000-0000-000000000000";

describe("a list of credentials", () => {
  const changed = (oldValue: unknown, newValue: unknown, operation = secretsOperation) =>
    on(operation, target("Application", applicationId, keyDescription(oldValue, newValue)));

  test("may be a list of one text that is the list, or a lone entry", () => {
    const one = keys([keyA]);
    expect(eventOf("credentials-changed", changed(["[]"], [one]))).toMatchObject({
      before: 0,
      added: [{ keyId: keyA }],
    });
    const lone = `[KeyIdentifier=${keyB},KeyType=Password,KeyUsage=Verify,DisplayName=x]`;
    expect(eventOf("credentials-changed", changed("[]", lone)).added).toMatchObject([{ keyId: keyB }]);
    expect(verdict(changed("[]", [one, "[cut"]))).toBe("dead letter: schema");
  });

  test("may come with the creation of the application, under either name of it", () => {
    const created = (operation: string) => normalise(changed("[]", keys([keyA]), operation), tenantId);
    const said = { type: "credentials-changed", atCreation: true };
    const ofSecrets = "Create application – Certificates and secrets management ";
    expect(created(ofSecrets)).toMatchObject({ event: said });
    expect(created("Add application")).toMatchObject({ event: { change: "created" }, more: [said] });
    expect(verdict(on("Add application", target("Application", applicationId)))).toBe("existence-changed");
  });
});

describe("a federated credential", () => {
  const issuer = "https://token.actions.githubusercontent.com";
  const pipeline = { Id: keyA, Name: "ci", Issuer: issuer, Subject: "repo:contoso/x", Audiences: ["a"] };
  const changed = (oldValue: unknown, newValue: unknown, operation = "Update application") =>
    eventOf(
      "federated-credentials-changed",
      on(operation, target("Application", applicationId, property("FederatedIdentityCredentials", oldValue, newValue))),
    );

  test("may stand alone, with one audience and an expression in parts, under the activity of secrets", () => {
    expect(changed("[]", json(pipeline)).added).toMatchObject([{ issuer }]);
    const expression = { Value: "claims['sub'] matches '*'", LanguageVersion: 1 };
    const flexible = { Name: "f", Issuer: issuer, Audiences: "a", ClaimsMatchingExpression: expression };
    expect(changed("[]", json([flexible])).added).toEqual([
      { issuer, subject: null, expression: expression.Value, audiences: ["a"] },
    ]);
    expect(changed("[]", json([pipeline]), secretsOperation).added).toHaveLength(1);
  });

  test("has its issuer replaced where it is the same one by id or name, whatever else changed with it", () => {
    const moved = { ...pipeline, Issuer: "https://evil.example", Subject: "me" };
    expect(changed(json([pipeline]), json([moved])).issuerReplaced).toBe(true);
    expect(
      changed(json([{ ...pipeline, Id: "[REMOVED]" }]), json([{ ...moved, Id: "[REMOVED]" }])).issuerReplaced,
    ).toBe(true);
    expect(changed(json([pipeline]), json([{ ...moved, Id: keyB }])).issuerReplaced).toBeUndefined();
    expect(changed(json([pipeline]), json([{ ...pipeline, Subject: "me" }])).issuerReplaced).toBeUndefined();
  });
});

describe("a grant", () => {
  const names = said("TargetId.ServicePrincipalNames", graph);
  const role = [said("AppRole.Id", keyA), names];
  const granted = (...targets: Raw[]) => on("Add app role assignment to service principal", ...targets);
  const principal = target("ServicePrincipal", servicePrincipalId);

  test("is of the one other service principal where no property says whose it is, and of nobody where there are two", () => {
    const event = eventOf("app-role-granted", granted(target("ServicePrincipal", api, ...role), principal));
    expect(event).toMatchObject({ subject: { servicePrincipalId }, resourceId: api, resourceAppId: graph });
    const one = target("ServicePrincipal", user);
    expect(verdict(granted(target("ServicePrincipal", api, ...role), principal, one))).toBe("dead letter: no-victim");
    expect(verdict(granted(principal, one))).toBe("dead letter: no-victim");
  });

  test("of nothing but being let in is none", () => {
    const grantee = said("ServicePrincipal.ObjectID", servicePrincipalId);
    const letIn = (id: unknown, ...more: Raw[]) =>
      verdict(granted(target("ServicePrincipal", api, property("AppRole.Id", null, id), grantee, ...more)));
    expect(letIn(json(zeros))).toBe("ignored: default-access");
    expect(letIn(zeros, property("AppRole.Value", null, null))).toBe("ignored: default-access");
    expect(letIn(json(zeros), said("AppRole.Value", "Mail.Read"))).toBe("app-role-granted");
    expect(letIn(null)).toBe("app-role-granted");
  });

  test("of delegated permissions may be told in a list, and by the names of older tenants", () => {
    const grantee = said("ServicePrincipal.ObjectID", servicePrincipalId);
    const delegated = (scope: Raw, kind: string) =>
      on("Add OAuth2PermissionGrant.", target("ServicePrincipal", api, scope, said(kind, "AllPrincipals"), grantee));
    const scope = property("OAuth2PermissionGrant.Scope", json(["User.Read"]), json(["User.Read Mail.Read"]));
    const event = eventOf("delegated-grant-added", delegated(scope, "OAuth2PermissionGrant.ConsentType"));
    expect(event).toMatchObject({ scopes: ["Mail.Read"], consentType: "AllPrincipals" });
  });
});

describe("an application permission that is asked for", () => {
  test("may say so in text", () => {
    const asked = { EntitlementId: keyA, DirectAccessGrant: "True", ImpersonationAccessGrants: [] };
    const list = json([{ ResourceAppId: graph, RequiredAppPermissions: [asked] }]);
    const record = on(
      "Update application",
      target("Application", applicationId, property("RequiredResourceAccess", "[]", list)),
    );
    expect(eventOf("permissions-requested", record).added).toMatchObject([{ id: keyA, application: true }]);
  });
});

describe("a directory role", () => {
  test("is also given past Privileged Identity Management, whose details may only say the role's origin", () => {
    const additionalDetails = [{ key: "RoleDefinitionOriginId", value: globalAdministrator }];
    const targetResources = [target("Role", user), target("ServicePrincipal", servicePrincipalId)];
    const given = audit({ targetResources, additionalDetails }, "Add member to role outside of PIM (permanent)");
    expect(eventOf("directory-role-assigned", given).roleDefinitionId).toBe(globalAdministrator);
    expect(
      verdict(audit({ targetResources, additionalDetails }, "Add member to role in PIM requested (timebound)")),
    ).toBe("ignored: activity-not-read");
  });

  test("that only its name tells is told by its name", () => {
    const named = target("ServicePrincipal", servicePrincipalId, said("Role.DisplayName", "Global Administrator"));
    const event = eventOf("directory-role-assigned", on("Add member to role", named, target("Role", user)));
    expect(event).toMatchObject({ roleDefinitionId: null, claimedRole: "Global Administrator" });
  });
});

describe("a new owner", () => {
  const added = (kind: string, ...targets: Raw[]) => on(`Add owner to ${kind}`, ...targets);

  test("stands beside the object where no property says what is owned", () => {
    const event = eventOf(
      "owner-added",
      added("application", target("User", user), target("Application", applicationId)),
    );
    expect(event).toMatchObject({
      ownerId: user,
      objectId: applicationId,
      subject: { applicationObjectId: applicationId },
    });
    const byWorkload = added("application", target("ServicePrincipal", api), target("Application", applicationId));
    expect(eventOf("owner-added", byWorkload).ownerId).toBe(api);
  });

  test("is not guessed where both are of one type, or nothing is owned", () => {
    const principal = target("ServicePrincipal", servicePrincipalId);
    expect(verdict(added("service principal", target("ServicePrincipal", api), principal))).toBe(
      "dead letter: no-victim",
    );
    expect(verdict(added("application", target("User", user)))).toBe("dead letter: no-victim");
  });
});

test("a failure is a failure in every spelling, and a timeout may have been done", () => {
  const secret = target("Application", applicationId, keyDescription("[]", keys([keyA])), said("AppId", appId));
  const ended = (result: string) => verdict(audit({ targetResources: [secret], result }));
  for (const result of ["failure", "Failure", "Failed", "FAIL", " failure "])
    expect(ended(result)).toBe("ignored: activity-failed");
  for (const result of ["success", "Success", "timeout"]) expect(ended(result)).toBe("credentials-changed");
});
