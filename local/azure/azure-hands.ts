/** What somebody else than us does in Azure. Azure's own activity log goes nowhere: the app does not read it. */
import { fields } from "../tenant/call.ts";
import type { Actor } from "../tenant/types.ts";
import type { World } from "../tenant/world.ts";
import { perform } from "./arm-server.ts";

export interface AzureRoleGift {
  readonly principalId: string;
  /** a GUID, e.g. `b24988ac-6180-42a0-ab88-20f7382dd24c` (Contributor) */
  readonly roleDefinitionId: string;
  /** default: the first subscription */
  readonly scope?: string;
}

export interface AzureHands {
  /** @returns resource id of the assignment */
  assignAzureRole(gift: AzureRoleGift): string;
  removeAzureRole(assignmentId: string): void;
  /** @returns resource id of the credential */
  addIdentityFederatedCredential(
    identityResourceId: string,
    credential: { readonly name: string; readonly issuer: string; readonly subject: string },
  ): string;
  removeIdentityFederatedCredential(credentialId: string): void;
}

type Sent = {
  readonly method: "PUT" | "DELETE";
  readonly path: string;
  readonly version: string;
  readonly properties?: object;
};

function send(
  world: World,
  actor: Actor,
  { method, path, version, properties }: Sent,
): Readonly<Record<string, unknown>> {
  const query = new URLSearchParams({ "api-version": version });
  const body = properties === undefined ? undefined : { properties };
  const { reply } = perform(world, { method, path, query, body, actor, baseUrl: "" });
  if (reply.status >= 400) throw new Error(`${method} ${path} was refused: ${JSON.stringify(reply.body)}`);
  return fields(reply.body);
}

export function createAzureHands(world: World, actor: Actor): AzureHands {
  const authorization = "2022-04-01";
  const identity = "2024-11-30";
  const audiences = ["api://AzureADTokenExchange"];
  return {
    assignAzureRole({ principalId, roleDefinitionId, scope = `/subscriptions/${world.azure.home}` }) {
      const provider = "providers/Microsoft.Authorization";
      const path = `${scope === "/" ? "" : scope}/${provider}/roleAssignments/${world.random.guid()}`;
      const role = `/subscriptions/${world.azure.home}/${provider}/roleDefinitions/${roleDefinitionId}`;
      const properties = { roleDefinitionId: role, principalId, principalType: "ServicePrincipal" };
      return String(send(world, actor, { method: "PUT", path, version: authorization, properties }).id);
    },
    removeAzureRole: (id) => void send(world, actor, { method: "DELETE", path: id, version: authorization }),
    addIdentityFederatedCredential(resourceId, { name, issuer, subject }) {
      const path = `${resourceId}/federatedIdentityCredentials/${name}`;
      const properties = { issuer, subject, audiences };
      return String(send(world, actor, { method: "PUT", path, version: identity, properties }).id);
    },
    removeIdentityFederatedCredential: (id) =>
      void send(world, actor, { method: "DELETE", path: id, version: identity }),
  };
}
