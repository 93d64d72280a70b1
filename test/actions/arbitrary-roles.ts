/** Random roles of one identity among those of others, in the directory and in Azure, and who may sign in as it there. */
import fc from "fast-check";
import type {
  AzureFederatedCredential,
  AzureRoleAssignment,
  DirectoryRole,
} from "../support/harness-directory-items.ts";
import { others } from "./arbitrary-footholds.ts";
import { azureIdentityId, type Directory, ids } from "./directory.ts";

const principals = [ids.servicePrincipalId, others.client];
const either = <T>(list: readonly T[]) => fc.constantFrom(...list);

const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
const roleDefinitions = [globalAdministrator, "29232cdf-9323-42fd-ade2-1d097af3e4de"];
const unit = "/administrativeUnits/31d518e9-dc78-42ff-8a1e-79e9a2ad0d2f";

const forever = { type: "noExpiration", endDateTime: null, duration: null };
const bounded = { type: "afterDateTime", endDateTime: "2031-01-01T00:00:00Z", duration: null };

/** Held for good, held until a moment, and not begun yet. */
const schedules = [
  { scheduleInfo: { startDateTime: null, expiration: forever }, hasBegun: true },
  { scheduleInfo: { startDateTime: "2026-01-01T00:00:00Z", expiration: bounded }, hasBegun: true },
  { scheduleInfo: { startDateTime: "2099-01-01T00:00:00Z", expiration: forever }, hasBegun: false },
];

const directoryRoles: fc.Arbitrary<DirectoryRole[]> = fc
  .uniqueArray(
    fc
      .record({
        kind: either<DirectoryRole["kind"]>(["active", "eligible"]),
        principalId: either(principals),
        roleDefinitionId: either(roleDefinitions),
        scope: either([
          { directoryScopeId: "/", appScopeId: null },
          { directoryScopeId: unit, appScopeId: null },
          { directoryScopeId: null, appScopeId: "/app" },
        ]),
        schedule: either(schedules),
      })
      .map(({ scope, schedule: { scheduleInfo, hasBegun }, ...one }) => {
        return { ...one, ...scope, scheduleInfo, isRunning: one.kind === "active" && hasBegun };
      }),
    {
      maxLength: 8,
      selector: (one) => [one.kind, one.principalId, one.roleDefinitionId, one.directoryScopeId].join(),
    },
  )
  .map((list) => list.map((one, index) => ({ ...one, id: `role-${index}` })));

const subscriptions = ["c0c0c0c0-0000-4000-8000-000000000001", "c0c0c0c0-0000-4000-8000-000000000002"];
const azureScopes = [
  ...subscriptions.map((id) => `/subscriptions/${id}`),
  `/subscriptions/${subscriptions[0]}/resourceGroups/pay roll (old)`,
  "/providers/Microsoft.Management/managementGroups/root",
];
const owner = "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const reader = "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7";

const conditions = [{}, { condition: "@Resource[x] StringEquals 'y'", conditionVersion: "2.0" }];

const azureRoleAssignments: fc.Arbitrary<AzureRoleAssignment[]> = fc
  .uniqueArray(
    fc.record({
      scope: either(azureScopes),
      role: either([owner, reader]),
      principalId: either(principals),
      condition: either(conditions),
    }),
    { maxLength: 8, selector: (one) => [one.scope, one.role, one.principalId].join() },
  )
  .map((list) =>
    list.map(({ scope, role, principalId, condition }, index) => ({
      id: `${scope}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-00000000000${index}`,
      properties: { roleDefinitionId: role, principalId, principalType: "ServicePrincipal", ...condition },
    })),
  );

const azureFederatedCredentials: fc.Arbitrary<AzureFederatedCredential[]> = fc
  .subarray(["repo:contoso/app:environment:production", "repo:attacker/x:ref:refs/heads/main"])
  .map((list) =>
    list.map((subject, index) => ({
      id: `${azureIdentityId}/federatedIdentityCredentials/credential-${index}`,
      name: `credential-${index}`,
      properties: { issuer: "https://token.actions.githubusercontent.com", subject, audiences: ["api://x"] },
    })),
  );

type Roles = Pick<
  Directory,
  "directoryRoles" | "azureSubscriptions" | "azureRoleAssignments" | "azureIdentities" | "azureFederatedCredentials"
>;

export const roles: fc.Arbitrary<Roles> = fc.record({
  directoryRoles,
  azureSubscriptions: fc.constant(subscriptions.map((subscriptionId) => ({ subscriptionId, state: "Enabled" }))),
  azureRoleAssignments,
  azureIdentities: fc.constant([{ id: azureIdentityId, properties: { principalId: ids.servicePrincipalId } }]),
  azureFederatedCredentials,
});

/** The role wherever it is held, or in one scope. */
export const wantedRole = fc.record({
  roleDefinitionId: either([...roleDefinitions, ids.stranger]),
  directoryScopeId: either([null, "/", unit]),
});
