/** Azure as Resource Manager serves it: subscriptions, role assignments, user-assigned identities and who may sign in as them. */
import type { AzureFederatedCredential, AzureRoleAssignment } from "./harness-directory-items.ts";
import {
  type Call,
  type Directory,
  done,
  found,
  has,
  notFound,
  type Part,
  page,
  type Reply,
  refused,
} from "./harness-directory-types.ts";

const provider = "/providers/Microsoft.Authorization/roleAssignments";

export const azureResources: Part = (directory, call) => {
  if (call.version !== "arm") return null;
  if (!call.query.has("api-version")) return refused;
  const path = `/${call.segments.join("/")}`;
  if (path === "/subscriptions") return page(directory.azureSubscriptions);
  const [, subscription] =
    /^\/subscriptions\/([^/]+)\/providers\/Microsoft.Authorization\/roleAssignments$/.exec(path) ?? [];
  if (subscription !== undefined) return listRoles(directory, call, subscription);
  if (path.includes(`${provider}/`)) return role(directory, call, path);
  const [, identityId = path, name] = /^(.*)\/federatedIdentityCredentials(?:\/(.*))?$/.exec(path) ?? [];
  if (path === identityId) return found(directory.azureIdentities.find(({ id }) => id === path));
  return federated(directory, call, identityId, name);
};

/** In the subscription, and above it. */
function listRoles({ azureRoleAssignments: all }: Directory, { query }: Call, subscription: string): Reply {
  const [, wanted] = /^principalId eq '(.*)'$/.exec(query.get("$filter") ?? "") ?? [];
  const reaches = (id: string) => id.startsWith(`/subscriptions/${subscription}/`) || !id.startsWith("/subscriptions/");
  const own = all.filter(({ id, properties }) => properties.principalId === wanted && reaches(id));
  return page(own);
}

function role(directory: Directory, { method, body }: Call, id: string): Reply | null {
  const { servicePrincipals } = directory;
  const known = directory.azureRoleAssignments.find((one) => one.id === id);
  if (method === "GET") return found(known);
  if (method === "DELETE") {
    directory.azureRoleAssignments = directory.azureRoleAssignments.filter((one) => one.id !== id);
    return done;
  }
  const wanted = { id, properties: body.properties as AzureRoleAssignment["properties"] };
  const scope = id.split(provider)[0];
  const isTwin = ({ id: other, properties }: AzureRoleAssignment) =>
    other.split(provider)[0] === scope &&
    properties.principalId === wanted.properties.principalId &&
    properties.roleDefinitionId === wanted.properties.roleDefinitionId;
  if (!has(servicePrincipals, wanted.properties.principalId)) return { status: 400, code: "PrincipalNotFound" };
  if (known !== undefined || directory.azureRoleAssignments.some(isTwin))
    return { status: 409, code: "RoleAssignmentExists" };
  directory.azureRoleAssignments.push(structuredClone(wanted));
  return { status: 201 };
}

function federated(directory: Directory, call: Call, identityId: string, name: string | undefined): Reply | null {
  if (!has(directory.azureIdentities, identityId)) return notFound;
  const prefix = `${identityId}/federatedIdentityCredentials/`;
  const own = directory.azureFederatedCredentials.filter(({ id }) => id.startsWith(prefix));
  if (name === undefined) return page(own);
  const id = prefix + name;
  if (call.method === "DELETE") {
    directory.azureFederatedCredentials = directory.azureFederatedCredentials.filter((one) => one.id !== id);
    return done;
  }
  const properties = call.body.properties as AzureFederatedCredential["properties"];
  const isTaken = own.some((one) => one.id === id || one.properties.subject === properties.subject);
  if (isTaken) return { status: 409, code: "Conflict" };
  directory.azureFederatedCredentials.push({ id, name, properties: structuredClone(properties) });
  return { status: 201 };
}
