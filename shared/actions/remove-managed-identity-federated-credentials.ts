/**
 * Removes federated credentials from a user-assigned managed identity, by Resource Manager: Graph shows them and does not change
 * them. A system-assigned identity has none.
 */
import { z } from "zod";
import { TerminalError } from "../domain/errors.ts";
import type { FederatedTuple } from "../domain/federated-tuple.ts";
import { Guid } from "../domain/identity.ts";
import type { ApiRequest } from "../ports/tenant.ts";
import { type ActionSubject, defineAction, type Snapshot } from "./action.ts";
import { armRequest } from "./azure-reads.ts";
import { FederatedTarget, isMeant, tupleKey } from "./federated-target.ts";
import { pageOf, wholeList } from "./own-objects.ts";

/** federatedIdentityCredentials, Microsoft.ManagedIdentity (@azure/arm-msi 2.2.0) */
const apiVersion = "2024-11-30";

const userAssigned =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i;

const Identity = z.object({ properties: z.object({ principalId: Guid }) }).nullable();

const Credential = z.object({
  name: z.string(),
  properties: z.looseObject({ issuer: z.string(), subject: z.string().nullish(), audiences: z.array(z.string()) }),
});
type Credential = z.infer<typeof Credential>;

const Page = pageOf(Credential);

function isUserAssigned({ managedIdentity }: ActionSubject, id: string): boolean {
  return managedIdentity?.userAssigned === true && userAssigned.test(id);
}

/** Null: system-assigned, so there are none. @throws TerminalError when Graph does not say which, or not where it is. */
function resourceOf(subject: ActionSubject): string | null {
  if (subject.managedIdentity?.userAssigned === false) return null;
  const id = subject.managedIdentity?.resourceId ?? "";
  if (isUserAssigned(subject, id)) return id;
  throw new TerminalError("Graph does not name the Azure resource of this managed identity", { code: "no-resource" });
}

function resourceRead(resourceId: string): ApiRequest {
  return armRequest("GET", resourceId, apiVersion);
}

function credentialsRead(resourceId: string): ApiRequest {
  return { ...armRequest("GET", `${resourceId}/federatedIdentityCredentials`, apiVersion), allPages: true };
}

function readsOf(subject: ActionSubject): readonly ApiRequest[] {
  const id = subject.managedIdentity?.resourceId ?? "";
  return isUserAssigned(subject, id) ? [resourceRead(id), credentialsRead(id)] : [];
}

/** The resource, if it is still the victim's: another identity of the same name has another principal. */
function ownResource(snapshot: Snapshot): string | null {
  const resourceId = resourceOf(snapshot);
  if (resourceId === null) return null;
  const found = Identity.parse(snapshot.body(resourceRead(resourceId)));
  const victim = snapshot.identity.servicePrincipalId;
  return found !== null && found.properties.principalId === victim ? resourceId : null;
}

function held(snapshot: Snapshot): readonly Credential[] {
  const resourceId = ownResource(snapshot);
  return resourceId === null ? [] : wholeList(Page, snapshot, credentialsRead(resourceId));
}

/** Whom they let in. @throws when the snapshot does not hold them whole, or does not say which resource it is */
export function managedFederatedTuples(snapshot: Snapshot): readonly FederatedTuple[] {
  return held(snapshot).map(tupleOf);
}

function tupleOf({ properties: { issuer, subject, audiences } }: Credential) {
  return { issuer, subject: subject ?? null, expression: null, audiences };
}

function going(target: FederatedTarget, snapshot: Snapshot): Credential[] {
  return held(snapshot).filter((one) => isMeant(target, tupleOf(one)));
}

function idOf(resourceId: string, { name }: Credential): string {
  return `${resourceId}/federatedIdentityCredentials/${name}`;
}

const provider = "azure:Microsoft.ManagedIdentity/userAssignedIdentities";

export const removeManagedIdentityFederatedCredentials = defineAction({
  id: "remove-managed-identity-federated-credentials",
  summary:
    "Removes federated credentials from a user-assigned managed identity, all of them or exactly the given ones.",
  parameters: FederatedTarget,
  receipt: z.object({ resourceId: z.string(), removed: z.array(Credential) }),
  impact: () => "reversible",
  appliesTo: (kind) => kind === "managed-identity",
  permissions: () => [
    `${provider}/read`,
    ...["read", "write", "delete"].map((verb) => `${provider}/federatedIdentityCredentials/${verb}`),
  ],
  reads: (_target, subject) => readsOf(subject),
  isInPlace: (target, snapshot) => going(target, snapshot).length === 0,
  keep: (target, snapshot) => ({ resourceId: ownResource(snapshot) ?? "", removed: going(target, snapshot) }),
  requests(target, snapshot) {
    const resourceId = ownResource(snapshot);
    if (resourceId === null) return [];
    return going(target, snapshot).map((one) => armRequest("DELETE", idOf(resourceId, one), apiVersion));
  },
  touches(target, snapshot) {
    const resourceId = ownResource(snapshot);
    return resourceId === null ? [] : going(target, snapshot).map((one) => idOf(resourceId, one));
  },
  revertReads: (_receipt, subject) => readsOf(subject),
  revert({ resourceId, removed }, snapshot) {
    if (ownResource(snapshot) !== resourceId) return { conflict: `${resourceId} is not this identity's any more` };
    const now = held(snapshot);
    const there = new Set(now.map((one) => tupleKey(tupleOf(one))));
    const names = new Set(now.map(({ name }) => name.toLowerCase()));
    const missing = removed.filter((one) => !there.has(tupleKey(tupleOf(one))));
    if (missing.some(({ name }) => names.has(name.toLowerCase()))) {
      return {
        conflict: `the name of a federated credential of ${resourceId} belongs to one of another subject since`,
      };
    }
    const requests = missing.map((one) =>
      armRequest("PUT", idOf(resourceId, one), apiVersion, { properties: one.properties }),
    );
    return { requests };
  },
});
