/** What each action may do to each kind, cell by cell: written by hand, so that a cell that changes is a decision. */
import { describe, expect, test } from "vitest";
import type { Action } from "../../shared/actions/action.ts";
import * as exported from "../../shared/actions/index.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";

type Row = readonly [kinds: readonly IdentityKind[], impact: "reversible" | "irreversible", permissions: string];

const home: readonly IdentityKind[] = ["home-single-tenant", "home-multi-tenant"];
const ordinary: readonly IdentityKind[] = [...home, "foreign"];
const agents: readonly IdentityKind[] = ["agent", "agent-blueprint"];
const holders: readonly IdentityKind[] = [...ordinary, "legacy", "managed-identity", ...agents];

/** What stops for other tenants meanwhile never comes back. */
const application: readonly Row[] = [
  [["home-single-tenant"], "reversible", "Application.ReadWrite.All"],
  [["home-multi-tenant"], "irreversible", "Application.ReadWrite.All"],
];

const userAssigned = "Microsoft.ManagedIdentity/userAssignedIdentities";

function azure(type: string): string {
  return ["read", "write", "delete"].map((verb) => `azure:${type}/${verb}`).join(", ");
}

/** A kind that no row of an action names is one that the action does not apply to. */
const table: Readonly<Record<string, readonly Row[]>> = {
  "confirm-agent-compromised": [[agents, "irreversible", "IdentityRiskyAgent.ReadWrite.All"]],
  "confirm-compromised": [[ordinary, "irreversible", "IdentityRiskyServicePrincipal.ReadWrite.All"]],
  "create-disabled-service-principal": [[["foreign", "unknown"], "reversible", "Application.ReadWrite.All"]],
  "deactivate-application": application,
  "delete-application": application,
  "delete-service-principal": [[[...ordinary, "legacy"], "reversible", "Application.ReadWrite.All"]],
  "disable-agent": [
    [["agent"], "reversible", "AgentIdentity.EnableDisable.All"],
    [["agent-blueprint"], "reversible", "AgentIdentityBlueprintPrincipal.EnableDisable.All"],
  ],
  "disable-service-principal": [[ordinary, "reversible", "Application.ReadWrite.All"]],
  "dismiss-risk": [[ordinary, "irreversible", "IdentityRiskyServicePrincipal.ReadWrite.All"]],
  "enable-service-principal": [[ordinary, "reversible", "Application.ReadWrite.All"]],
  "remove-app-role-assignments": [[holders, "reversible", "AppRoleAssignment.ReadWrite.All"]],
  "remove-azure-roles": [[holders, "reversible", azure("Microsoft.Authorization/roleAssignments")]],
  "remove-delegated-grants": [[holders, "reversible", "DelegatedPermissionGrant.ReadWrite.All"]],
  "remove-directory-roles": [[holders, "reversible", "RoleManagement.ReadWrite.Directory"]],
  "remove-federated-credentials": [
    ...application,
    [["agent-blueprint"], "reversible", "AgentIdentityBlueprint.AddRemoveCreds.All"],
  ],
  "remove-group-memberships": [
    [holders, "reversible", "GroupMember.ReadWrite.All, RoleManagement.ReadWrite.Directory"],
  ],
  "remove-key-credentials": [[[...ordinary, "microsoft-first-party"], "irreversible", "Application.ReadWrite.All"]],
  "remove-managed-identity-federated-credentials": [
    [
      ["managed-identity"],
      "reversible",
      `azure:${userAssigned}/read, ${azure(`${userAssigned}/federatedIdentityCredentials`)}`,
    ],
  ],
  "remove-owners": [[[...ordinary, "legacy"], "reversible", "Application.ReadWrite.All, Directory.Read.All"]],
  "remove-ownerships": [[holders, "reversible", "Application.ReadWrite.All, Directory.Read.All"]],
  "remove-password-credentials": [
    [[...ordinary, "microsoft-first-party"], "irreversible", "Application.ReadWrite.All"],
  ],
  "remove-scheduled-directory-roles": [[holders, "reversible", "RoleManagement.ReadWrite.Directory"]],
};

const actions: readonly Action[] = Object.values({ ...exported });

test("lists every action", () => {
  expect(Object.keys(table).toSorted()).toEqual(actions.map(({ id }) => id).toSorted());
});

describe.each(actions.map((action) => [action.id, action] as const))("%s", (id, action) => {
  test.each(IdentityKind.options)("on %s", (kind) => {
    const row = table[id]?.find(([kinds]) => kinds.includes(kind));
    const cell = action.appliesTo(kind) ? [action.impact(kind), action.permissions(kind).join(", ")] : null;
    expect(cell).toEqual(row === undefined ? null : row.slice(1));
  });
});

test.each(["remove-federated-credentials", "remove-owners"])("%s reaches other tenants by the application", (id) => {
  const action = actions.find((one) => one.id === id);
  expect(action?.reachesOtherTenants?.({ object: "application" })).toBe(true);
});

test("owners of a service principal are this tenant's own business", () => {
  expect(
    exported.removeOwners.reachesOtherTenants?.({ object: "servicePrincipal", objectId: null, owners: "all" }),
  ).toBe(false);
});
