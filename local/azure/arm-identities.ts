/**
 * Microsoft.ManagedIdentity: user-assigned identities, and the federated credentials on them.
 * Source: @azure/arm-msi 2.2.0, api-version 2024-11-30.
 */
import { fields } from "../tenant/call.ts";
import type { ServicePrincipal } from "../tenant/types.ts";
import type { World } from "../tenant/world.ts";
import { type ArmCall, type ArmReply, armError, pageOf, resourceMissing } from "./arm-call.ts";
import type { IdentityFederatedCredential } from "./azure-directory.ts";

/** The directory knows the resource by the second of its alternative names. */
function identityAt(world: World, resourceId: string): ServicePrincipal | undefined {
  const wanted = resourceId.toLowerCase();
  return world.directory.servicePrincipals.where((one) => one.alternativeNames[1]?.toLowerCase() === wanted)[0];
}

export function getIdentity(world: World, resourceId: string): ArmReply {
  const found = identityAt(world, resourceId);
  if (!found) return resourceMissing(resourceId);
  return {
    status: 200,
    body: {
      id: resourceId,
      name: found.displayName,
      type: "Microsoft.ManagedIdentity/userAssignedIdentities",
      location: "westeurope",
      tags: {},
      properties: { tenantId: world.settings.tenantId, principalId: found.id, clientId: found.appId },
    },
  };
}

function shown({ id, name, issuer, subject, audiences }: IdentityFederatedCredential): object {
  const type = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials";
  return { id, name, type, properties: { issuer, subject, audiences } };
}

export function listFederated(world: World, call: ArmCall, identityId: string): ArmReply {
  if (!identityAt(world, identityId)) return resourceMissing(identityId);
  const all = world.azure.federatedCredentials.where((one) => one.identityId === identityId.toLowerCase());
  return pageOf(call, all.map(shown));
}

export function getFederated(world: World, id: string): ArmReply {
  const found = world.azure.federatedCredentials.visible(id.toLowerCase());
  return found ? { status: 200, body: shown(found) } : resourceMissing(id);
}

/** One issuer and subject is on an identity once; 20 credentials at most. */
export function putFederated(world: World, call: ArmCall, identityId: string, name: string): ArmReply {
  if (!identityAt(world, identityId)) return resourceMissing(identityId);
  const { issuer, subject, audiences } = fields(fields(call.body).properties);
  if (typeof issuer !== "string" || typeof subject !== "string" || !Array.isArray(audiences) || audiences.length !== 1)
    return armError(400, "BadRequest", "issuer, subject and exactly one audience must be given.");
  const own = identityId.toLowerCase();
  const id = `${own}/federatedidentitycredentials/${name.toLowerCase()}`;
  const { federatedCredentials } = world.azure;
  const others = federatedCredentials.present((one) => one.identityId === own && one.id !== id);
  if (others.some((one) => one.issuer === issuer && one.subject === subject))
    return armError(409, "Conflict", "Issuer and subject combination already exists for this Managed Identity.");
  if (others.length >= 20)
    return armError(400, "BadRequest", "Too many Federated Identity Credentials have been added.");
  const isNew = federatedCredentials.latest(id) === undefined;
  const stored = { id, identityId: own, name, issuer, subject, audiences: audiences.map(String) };
  federatedCredentials.put(stored);
  return { status: isNew ? 201 : 200, body: shown(stored) };
}

export function deleteFederated(world: World, id: string): ArmReply {
  const found = world.azure.federatedCredentials.visible(id.toLowerCase());
  if (!found) return { status: 204 };
  world.azure.federatedCredentials.remove(found.id);
  return { status: 200 };
}
