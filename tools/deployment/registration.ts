/** The app registration of the API: what it must say, and what is missing of that in what is there. Pure. */
import { z } from "zod";
import { Role } from "../../shared/domain/caller.ts";

/** https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in: Microsoft Azure CLI */
const azureCli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const scopeValue = "user_impersonation";

const Roles = z.array(
  z
    .looseObject({ id: z.string(), value: z.string().nullish(), isEnabled: z.boolean() })
    .transform(({ origin: _, ...role }) => role), // read-only, so it is not sent back
);
const Scopes = z.array(z.looseObject({ id: z.string(), value: z.string().nullish() }));
const Clients = z.array(z.looseObject({ appId: z.string(), delegatedPermissionIds: z.array(z.string()) }));

/** What of an application we look at; the rest is the administrators'. */
export const Registration = z.object({
  id: z.string(),
  appId: z.string(),
  signInAudience: z.string().nullish(),
  identifierUris: z.array(z.string()).default([]),
  appRoles: Roles.default([]),
  api: z
    .looseObject({
      requestedAccessTokenVersion: z.number().nullish(),
      oauth2PermissionScopes: Scopes.default([]),
      preAuthorizedApplications: Clients.default([]),
    })
    .nullish(),
});
export type Registration = z.infer<typeof Registration>;

const what: Readonly<Record<Role, string>> = {
  "Tourniquet.Reader": "Read everything; every other role includes it",
  "Tourniquet.Operator":
    "Start, cancel and revert runs, protect an identity, throw the kill switch, tighten a playbook",
  "Tourniquet.Approver": "Approve and deny runs, dismiss incidents",
  "Tourniquet.Admin": "Everything, also take back what others tightened, and replay dead letters",
};

export interface Change {
  /** for people */
  readonly what: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A new application; `changesTo` does the rest, as it needs the client id. */
export function newRegistration(environmentName: string): Readonly<Record<string, unknown>> {
  return { displayName: `Tourniquet API (${environmentName})`, signInAudience: "AzureADMyOrg" };
}

/**
 * In order, each a PATCH of its own: Graph knows a client's scope only once the scope is stored. Existing roles and scopes keep
 * their ids, and what others added stays. `newId` gives a GUID.
 */
export function changesTo(current: Registration, newId: () => string): readonly Change[] {
  const api = current.api ?? { oauth2PermissionScopes: [], preAuthorizedApplications: [] };
  const scope = api.oauth2PermissionScopes.find(({ value }) => value === scopeValue) ?? newScope(newId());
  const uri = `api://${current.appId}`;
  const isKnown = api.oauth2PermissionScopes.includes(scope);
  const wantedApi = {
    ...api,
    requestedAccessTokenVersion: 2,
    oauth2PermissionScopes: isKnown ? api.oauth2PermissionScopes : [...api.oauth2PermissionScopes, scope],
  };
  const all: readonly (Change | null)[] = [
    current.signInAudience === "AzureADMyOrg"
      ? null
      : { what: "only this tenant signs in", body: { signInAudience: "AzureADMyOrg" } },
    current.identifierUris.includes(uri)
      ? null
      : { what: `is known as ${uri}`, body: { identifierUris: [...current.identifierUris, uri] } },
    rolesChange(current, newId),
    isKnown && api.requestedAccessTokenVersion === 2
      ? null
      : { what: "gives tokens of version 2, to people for the scope user_impersonation", body: { api: wantedApi } },
    clientChange(wantedApi, scope.id),
  ];
  return all.filter((change) => change !== null);
}

function rolesChange({ appRoles }: Registration, newId: () => string): Change | null {
  const wanted = Role.options.filter((role) => !appRoles.some(({ value, isEnabled }) => value === role && isEnabled));
  if (wanted.length === 0) return null;
  const kept = appRoles.map((role) => (wanted.some((one) => one === role.value) ? { ...role, isEnabled: true } : role));
  const added = wanted
    .filter((role) => !appRoles.some(({ value }) => value === role))
    .map((role) => newRole(role, newId()));
  return { what: `has the app roles ${wanted.join(", ")}`, body: { appRoles: [...kept, ...added] } };
}

function newRole(role: Role, id: string) {
  const displayName = role.replace(".", " ");
  return {
    id,
    value: role,
    displayName,
    description: what[role],
    isEnabled: true,
    allowedMemberTypes: ["User", "Application"],
  };
}

/** Administrators consent, not people: an app that asks a person for it gets nothing. */
function newScope(id: string) {
  return {
    id,
    value: scopeValue,
    type: "Admin",
    isEnabled: true,
    adminConsentDisplayName: "Call Tourniquet",
    adminConsentDescription:
      "Call Tourniquet as the person who is signed in; what they may do is decided by their app role.",
  };
}

/** People use the Azure CLI to get a token; it does not ask them for a consent that they cannot give. */
function clientChange(
  api: { readonly preAuthorizedApplications: z.infer<typeof Clients> },
  scopeId: string,
): Change | null {
  const clients = api.preAuthorizedApplications;
  const cli = clients.find(({ appId }) => appId === azureCli);
  if (cli?.delegatedPermissionIds.includes(scopeId)) return null;
  const delegatedPermissionIds = [...(cli?.delegatedPermissionIds ?? []), scopeId];
  const others = clients.filter((client) => client !== cli);
  const preAuthorizedApplications = [...others, { appId: azureCli, delegatedPermissionIds }];
  return { what: "lets the Azure CLI get tokens for people", body: { api: { ...api, preAuthorizedApplications } } };
}
