/** One record for every reader of the audit log, with everything that any of them reads; and others. For tests that bend them. */
import { addedSecret, audit, type Raw, riskEvent, risky, servicePrincipalId, signIn, target } from "./build.ts";

/** Everything any audit activity reads, on one target. */
function rich(operation: string): Raw {
  const names = [
    "ServicePrincipal.ObjectID",
    "Application.ObjectID",
    "Group.ObjectID",
    "Role.TemplateId",
    "AppRole.Id",
  ];
  const changed = [
    ...names.map((displayName) => ({ displayName, oldValue: null, newValue: JSON.stringify(servicePrincipalId) })),
    { displayName: "DelegatedPermissionGrant.Scope", oldValue: null, newValue: '"Mail.Read"' },
    { displayName: "ConsentAction.Permissions", oldValue: null, newValue: '"[] => []"' },
    { displayName: "FederatedIdentityCredentials", oldValue: "[]", newValue: '[{"Issuer":"https://x","Subject":"y"}]' },
    { displayName: "AccountEnabled", oldValue: "[false]", newValue: "[true]" },
    {
      displayName: "RequiredResourceAccess",
      oldValue: "[]",
      newValue: `[{"ResourceAppId":"${servicePrincipalId}","RequiredAppPermissions":[{"EntitlementId":"${servicePrincipalId}","DirectAccessGrant":true}]}]`,
    },
    { displayName: "AppAddress", oldValue: "[]", newValue: '[{"AddressType":0,"Address":"https://x"}]' },
    { displayName: "AvailableToOtherTenants", oldValue: "[false]", newValue: "[true]" },
    { displayName: "AppIdentifierUri", oldValue: "[]", newValue: '["api://x"]' },
    { displayName: "LogoutUrl", oldValue: "[]", newValue: '["https://x"]' },
    { displayName: "DisplayName", oldValue: '["a"]', newValue: '["b"]' },
    addedSecret,
  ];
  const type =
    operation.endsWith(" application") && !operation.startsWith("Consent") ? "Application" : "ServicePrincipal";
  return audit({ targetResources: [target(type, servicePrincipalId, ...changed)] }, operation);
}

function blocked(): Raw {
  const { properties, ...record } = rich("Consent to application");
  const failure = { result: "failure", resultReason: "UserConsentBlockedForRiskyAppsException" };
  return { ...record, properties: { ...(properties as Raw), ...failure } };
}

function groupRole(): Raw {
  const role = { displayName: "Role.TemplateId", oldValue: null, newValue: JSON.stringify(servicePrincipalId) };
  return audit({ targetResources: [target("Group", servicePrincipalId, role)] }, "Add member to role");
}

const activities = [
  "Update service principal",
  "Update application",
  "Add application",
  "Remove owner from service principal",
  "confirmServicePrincipalCompromised",
  "Add app role assignment to service principal",
  "Add delegated permission grant",
  "Consent to application",
  "Add member to role",
  "Add owner to application",
  "Add member to group",
  "Restore service principal",
];
export const audits: readonly (() => Raw)[] = [audit, blocked, groupRole, ...activities.map((one) => () => rich(one))];
export const relevant: readonly (() => Raw)[] = [risky, riskEvent, signIn, ...audits];
