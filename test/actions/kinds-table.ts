/** What each action may do to each kind, cell by cell: written by hand, so that a cell that changes is a decision. */
import type { IdentityKind } from "../../shared/domain/identity.ts";

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

/** With what a restore gives back to those who had access. */
const deletion =
  "Application.ReadWrite.All, AppRoleAssignment.ReadWrite.All, DelegatedPermissionGrant.ReadWrite.All, Directory.Read.All";

const userAssigned = "Microsoft.ManagedIdentity/userAssignedIdentities";

function azure(type: string): string {
  return ["read", "write", "delete"].map((verb) => `azure:${type}/${verb}`).join(", ");
}

/** A kind that no row of an action names is one that the action does not apply to. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  "confirm-agent-compromised": [[agents, "irreversible", "IdentityRiskyAgent.ReadWrite.All"]],
  "confirm-compromised": [[ordinary, "irreversible", "IdentityRiskyServicePrincipal.ReadWrite.All"]],
  "create-disabled-service-principal": [[["foreign", "unknown"], "reversible", "Application.ReadWrite.All"]],
  "deactivate-application": application,
  "delete-application": [
    [["home-single-tenant"], "reversible", deletion],
    [["home-multi-tenant"], "irreversible", deletion],
  ],
  "delete-service-principal": [[[...ordinary, "legacy"], "reversible", deletion]],
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

/** What other tenants feel of a home application that they use: always, or only when its application object is meant. */
const reach: Readonly<Record<string, "always" | "by the application">> = {
  "deactivate-application": "always",
  "delete-application": "always",
  "remove-federated-credentials": "always",
  "remove-key-credentials": "by the application",
  "remove-owners": "by the application",
  "remove-password-credentials": "by the application",
};

export interface Cell {
  readonly impact: "reversible" | "irreversible";
  /** joined with ", " */
  readonly permissions: string;
  readonly external: "never" | "always" | "by the application";
}

/** Null: the action does not apply to the kind. */
export function decidedCell(action: string, kind: IdentityKind): Cell | null {
  const row = rows[action]?.find(([kinds]) => kinds.includes(kind));
  if (row === undefined) return null;
  const [, impact, permissions] = row;
  return { impact, permissions, external: kind === "home-multi-tenant" ? (reach[action] ?? "never") : "never" };
}

export const decidedActions: readonly string[] = Object.keys(rows).toSorted();
