/** One record for everything that is read, in the shapes Entra writes: what is to be bent. Nobody's own. */
import type { Json } from "./places.ts";
import {
  appId,
  application,
  envelope,
  graph,
  graphAppId,
  group,
  newKey,
  oldKey,
  principal,
  user,
} from "./seed-shapes.ts";
import { riskRecords, signIns } from "./seed-sign-ins-and-risk.ts";

export function seedRecords(): readonly Json[] {
  return [...credentials(), ...privileges(), ...consents(), ...lifeOfApplications(), ...riskRecords(), ...signIns()];
}

function audit(operation: string, targets: readonly Json[], change: Json = {}): Json {
  return envelope("AuditLogs", operation, {
    id: `Directory_${operation.toLowerCase().replaceAll(/\W/g, "")}_6X649_134684731`,
    category: "ApplicationManagement",
    correlationId: "53161141-e3f4-4944-85b6-7b953f17265e",
    result: "success",
    resultReason: "",
    activityDisplayName: operation,
    activityDateTime: "2026-03-02T09:41:00.2279838+00:00",
    loggedByService: "Core Directory",
    operationType: "Update",
    initiatedBy: { user: { id: user, displayName: null, userPrincipalName: "a@example.com", roles: [] }, app: null },
    targetResources: targets,
    additionalDetails: [
      { key: "User-Agent", value: "Mozilla/5.0" },
      { key: "AppId", value: appId },
    ],
    ...change,
  });
}

const byWorkload: Json = {
  initiatedBy: { app: { appId: null, displayName: "pipeline", servicePrincipalId: principal } },
};

function target(type: string, id: string, ...modifiedProperties: readonly Json[]): Json {
  return { id, displayName: "Payroll", type, modifiedProperties, administrativeUnits: [] };
}

function changed(displayName: string, oldValue: unknown, newValue: unknown): Json {
  const text = (value: unknown) => (value === null ? null : JSON.stringify(value));
  return { displayName, oldValue: text(oldValue), newValue: text(newValue) };
}

function key(id: string, type = "Password", name = "key"): string {
  return `[KeyIdentifier=${id},KeyType=${type},KeyUsage=Verify,DisplayName=${name}]`;
}

const secrets = "certificates and secrets management";
const keyAdded = changed("KeyDescription", [key(oldKey)], [key(newKey), key(oldKey)]);

function credentials(): readonly Json[] {
  const federated = {
    Name: "x",
    Issuer: "https://idp.example",
    Subject: "me",
    Audiences: ["api://AzureADTokenExchange"],
  };
  const issuer = changed(
    "FederatedIdentityCredentials",
    [{ ...federated, Issuer: "https://old.example" }],
    [federated],
  );
  const certificate = key(newKey, "AsymmetricX509Cert", `CN=${appId}`);
  return [
    audit(`Update application – ${secrets} `, [target("Application", application, keyAdded)]),
    audit(`Create application – ${secrets} `, [
      target("Application", application, changed("KeyDescription", [], [key(newKey)])),
    ]),
    audit("Add service principal credentials", [
      target("ServicePrincipal", principal, changed("KeyDescription", [], [certificate])),
    ]),
    audit("Remove service principal credentials", [
      target("ServicePrincipal", principal, changed("KeyDescription", [key(oldKey)], [])),
    ]),
    audit("Update application", [target("Application", application, issuer)]),
    audit("Update service principal", [
      target("ServicePrincipal", principal, changed("AccountEnabled", [false], [true])),
    ]),
  ];
}

function privileges(): readonly Json[] {
  const grantee = changed("ServicePrincipal.ObjectID", null, principal);
  const permission = changed("AppRole.Value", null, "RoleManagement.ReadWrite.Directory");
  const permissionId = changed("AppRole.Id", null, "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8");
  const scope = changed("DelegatedPermissionGrant.Scope", "User.Read", "User.Read Mail.ReadWrite offline_access");
  const everybody = changed("DelegatedPermissionGrant.ConsentType", null, "AllPrincipals");
  const role = [
    changed("Role.ObjectID", null, "3a2c62db-5318-420d-8d74-23affee5d9d5"),
    changed("Role.DisplayName", null, "Global Administrator"),
    changed("Role.TemplateId", null, "62e90394-69f5-4237-9190-012177145e10"),
  ];
  const owner = changed("Application.ObjectID", null, application);
  const joined = changed("Group.ObjectID", null, group);
  return [
    audit("Add app role assignment to service principal", [
      target("ServicePrincipal", graph, grantee, permission, permissionId),
    ]),
    audit(
      "Add app role assignment to service principal",
      [target("ServicePrincipal", graph, grantee, permission, permissionId)],
      byWorkload,
    ),
    audit("Add delegated permission grant", [target("ServicePrincipal", graph, grantee, scope, everybody)]),
    audit("Add member to role", [target("ServicePrincipal", principal, ...role)], { category: "RoleManagement" }),
    audit("Add member to role", [target("Group", group, ...role)], { category: "RoleManagement" }),
    audit("Add owner to application", [target("User", user, owner), target("Application", application)]),
    audit("Remove owner from application", [target("User", user, owner), target("Application", application)]),
    audit("Add member to group", [target("ServicePrincipal", principal, joined), target("Group", group)], byWorkload),
  ];
}

function consents(): readonly Json[] {
  const grant = `ClientId: ${principal}, PrincipalId: ${user}, ResourceId: ${graph}, ConsentType: Principal, Scope:  Mail.Read offline_access, CreatedDateTime: , LastModifiedDateTime `;
  const permissions = changed("ConsentAction.Permissions", null, `[] => [[Id: x, ${grant}]]; `);
  const context = [
    changed("ConsentContext.IsAdminConsent", null, "False"),
    changed("ConsentContext.OnBehalfOfAll", null, "False"),
  ];
  const risky = changed("ConsentAction.Reason", null, "Risky application detected");
  return [
    audit("Consent to application", [target("ServicePrincipal", principal, ...context, permissions)]),
    audit("Consent to application", [target("Application", application, ...context, permissions, risky)], {
      result: "failure",
      resultReason: "Microsoft.Online.Security.UserConsentBlockedForRiskyAppsException",
    }),
  ];
}

function lifeOfApplications(): readonly Json[] {
  const access = (id: string) => [
    {
      ResourceAppId: graphAppId,
      RequiredAppPermissions: [{ EntitlementId: id, DirectAccessGrant: true, ImpersonationAccessGrants: [] }],
    },
  ];
  const wanted = changed(
    "RequiredResourceAccess",
    access("df021288-bdef-4463-88db-98f22de89214"),
    access("9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"),
  );
  const address = changed(
    "AppAddress",
    [],
    [{ AddressType: 0, Address: "https://evil.example/cb", ReplyAddressClientType: 1 }],
  );
  const exposed = changed("AvailableToOtherTenants", [false], [true]);
  const renamed = changed("DisplayName", ["Payroll"], ["rnicrosoft_office"]);
  return [
    ...["Add application", "Delete application", "Hard Delete application", "Restore application"].map((operation) =>
      audit(operation, [target("Application", application)]),
    ),
    ...["Add service principal", "Remove service principal", "Hard delete service principal"].map((operation) =>
      audit(operation, [target("ServicePrincipal", principal)], byWorkload),
    ),
    audit("DismissServicePrincipal", [target("ServicePrincipal", principal)]),
    audit("Update application", [target("Application", application, wanted, address, exposed, renamed)]),
  ];
}
