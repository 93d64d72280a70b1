/** Roles, owners and groups: who got what, wherever the record says it. */
import { describe, expect, test } from "vitest";
import { appId, applicationId, audit, eventOf, type Raw, servicePrincipalId, target, verdict } from "./build.ts";

const json = (value: unknown) => JSON.stringify(value);
const property = (displayName: string, oldValue: unknown, newValue: unknown): Raw => ({
  displayName,
  oldValue,
  newValue,
});
const said = (displayName: string, value: string) => property(displayName, null, json(value));
const user = "9d8001cb-a159-4252-a3a1-c2dc689f322a";
const group = "3b3bf2cd-049a-4f35-9e63-dc2a0a830807";
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

describe("a directory role", () => {
  const role = [said("Role.TemplateId", globalAdministrator), said("Role.DisplayName", "Harmless Reader")];
  const assigned = (operation: string, targetResources: Raw[], more: Raw = {}) =>
    audit({ targetResources, ...more }, operation);
  const principal = target(
    "ServicePrincipal",
    servicePrincipalId,
    ...role,
    said("TargetId.ServicePrincipalNames", appId),
  );

  test("is told by its template, whatever it is called, tenant-wide or within a unit", () => {
    expect(eventOf("directory-role-assigned", assigned("Add member to role", [principal]))).toMatchObject({
      subject: { servicePrincipalId, appId },
      roleDefinitionId: globalAdministrator,
      claimedRole: "Harmless Reader",
      directoryScopeId: "/",
      eligible: false,
    });
    const scoped = assigned("Add scoped member to role", [principal, target("AdministrativeUnit", group)]);
    expect(eventOf("directory-role-assigned", scoped).directoryScopeId).toBe(`/administrativeUnits/${group}`);
    expect(eventOf("directory-role-assigned", assigned("Add eligible member to role", [principal])).eligible).toBe(
      true,
    );
  });

  test("by PIM lists the role first and its template in the details, and says no scope", () => {
    const details = [
      { key: "RoleDefinitionOriginType", value: "BuiltInRole" },
      { key: "TemplateId", value: globalAdministrator },
    ];
    const targetResources = [
      target("Role", user),
      target("Request", group),
      target("ServicePrincipal", servicePrincipalId),
    ];
    const record = assigned("Add eligible member to role in PIM completed (timebound)", targetResources, {
      additionalDetails: details,
    });
    expect(eventOf("directory-role-assigned", record)).toMatchObject({
      subject: { servicePrincipalId },
      roleDefinitionId: globalAdministrator,
      directoryScopeId: null,
      eligible: true,
    });
  });

  test("of a group is told as the group's, with nobody as its victim", () => {
    const event = eventOf("group-given-role", assigned("Add member to role", [target("Group", group, ...role)]));
    expect(event).toMatchObject({
      subject: { appId: null, servicePrincipalId: null, applicationObjectId: null },
      groupId: group,
      roleDefinitionId: globalAdministrator,
      claimedRole: "Harmless Reader",
      directoryScopeId: "/",
      claimedName: "Contoso",
    });
    const byPim = assigned(
      "Add eligible member to role in PIM completed (timebound)",
      [target("Role", user), target("Group", group)],
      { additionalDetails: [{ key: "TemplateId", value: globalAdministrator }] },
    );
    expect(eventOf("group-given-role", byPim)).toMatchObject({ groupId: group, roleDefinitionId: globalAdministrator });
  });

  test.each<[string, Raw[], string]>([
    ["a user, beside a group", [target("User", user, ...role), target("Group", group)], "ignored: no-workload-target"],
    ["one of two groups", [target("Group", group, ...role), target("Group", user, ...role)], "dead letter: no-victim"],
    ["an illegible group", [target("Group", "xxxx", ...role)], "dead letter: no-victim"],
  ])("of %s is no group's", (_, targetResources, expected) => {
    expect(verdict(assigned("Add member to role", targetResources))).toBe(expected);
  });

  test("of a user is not ours, and a request for one is no assignment", () => {
    expect(verdict(assigned("Add member to role", [target("User", user, ...role)]))).toBe(
      "ignored: no-workload-target",
    );
    expect(verdict(assigned("Add member to role requested (PIM activation)", [principal]))).toBe(
      "ignored: activity-not-read",
    );
    expect(verdict(assigned("Add member to role", [principal, principal]))).toBe("dead letter: no-victim");
  });
});

describe("owners and groups", () => {
  test("the first target of an added owner is the owner, not the victim", () => {
    const properties = [said("Application.ObjectID", applicationId), said("Application.AppId", appId)];
    const record = audit(
      { targetResources: [target("User", user, ...properties), target("Application", applicationId)] },
      "Add owner to application",
    );
    expect(eventOf("owner-added", record)).toMatchObject({
      object: "application",
      objectId: applicationId,
      ownerId: user,
      subject: { applicationObjectId: applicationId, appId, servicePrincipalId: null },
    });
    expect(verdict(audit({ targetResources: [target("User", user)] }, "Add owner to service principal"))).toBe(
      "dead letter: no-victim",
    );
    expect(verdict(audit({ targetResources: undefined }, "Add owner to service principal"))).toBe(
      "dead letter: no-victim",
    );
  });

  test.each<[string, Raw[], string | null]>([
    ["in the new values", [target("User", user, said("Application.ObjectID", applicationId))], user],
    [
      "in the old values",
      [target("User", user, property("Application.ObjectID", json(applicationId), null)), target("Application", group)],
      user,
    ],
    ["in a target alone", [target("User", user), target("Application", applicationId)], null],
  ])("what lost an owner may stand %s", (_, targetResources, ownerId) => {
    const record = audit({ targetResources }, "Remove owner from application");
    expect(eventOf("owner-removed", record)).toMatchObject({
      object: "application",
      objectId: applicationId,
      ownerId,
      subject: { applicationObjectId: applicationId, servicePrincipalId: null },
    });
  });

  test("a service principal that lost an owner is not taken for the owner", () => {
    const owner = target(
      "ServicePrincipal",
      user,
      property("ServicePrincipal.ObjectID", json(servicePrincipalId), null),
    );
    const record = audit(
      { targetResources: [owner, target("ServicePrincipal", servicePrincipalId)] },
      "Remove owner from service principal",
    );
    expect(eventOf("owner-removed", record)).toMatchObject({ objectId: servicePrincipalId, ownerId: user });
    const both = { targetResources: [target("ServicePrincipal", user), target("ServicePrincipal", group)] };
    expect(verdict(audit(both, "Remove owner from service principal"))).toBe("dead letter: no-victim");
  });

  test("a service principal joins the one group that the record names", () => {
    const principal = target("ServicePrincipal", servicePrincipalId, said("Group.ObjectID", group));
    const joined = (...targetResources: Raw[]) => audit({ targetResources }, "Add member to group");
    expect(eventOf("group-joined", joined(principal, target("Group", group)))).toMatchObject({
      groupId: group,
      subject: { servicePrincipalId },
    });
    expect(verdict(joined(principal, target("Group", user)))).toBe("dead letter: no-victim");
    expect(verdict(joined(target("User", user, said("Group.ObjectID", group))))).toBe("ignored: no-workload-target");
  });
});
