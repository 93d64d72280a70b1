/** The double of Graph with one identity in it: answers the actions' reads, and takes the requests they make. */
import type { Snapshot } from "../../shared/actions/action.ts";
import { CredentialReceipt } from "../../shared/actions/credential-target.ts";
import type { IdentityKind, IdentityRef } from "../../shared/domain/identity.ts";
import type { ApiRequest } from "../../shared/ports/tenant.ts";
import {
  type Carrier,
  type Credential,
  type Directory,
  emptyDirectory,
  readFrom,
  writeTo,
} from "../support/harness-directory.ts";

export type { Carrier, Directory };
export type Password = Credential;
export type Key = Credential & { readonly usage: string };
export type Side = "servicePrincipal" | "application";

export const ids = {
  tenantId: "5611623b-9128-461e-9d7f-a0d9c270ead2",
  appId: "b55552fe-a272-4b56-990b-95038d917878",
  servicePrincipalId: "9089a539-a539-4089-89a5-899039a58990",
  applicationObjectId: "8d8d96a4-edb4-495c-a412-6e72c7e21084",
  stranger: "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11",
} as const;

/** Where Azure keeps it when it is a user-assigned managed identity. */
export const azureIdentityId =
  "/subscriptions/c0c0c0c0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi";

const none = { passwordCredentials: [], keyCredentials: [] };

/** Nothing but the identity's two objects. */
export function directory(): Directory {
  const servicePrincipal = { accountEnabled: true, servicePrincipalType: "Application", ...none };
  return {
    ...emptyDirectory(),
    servicePrincipals: [{ ...servicePrincipal, id: ids.servicePrincipalId, appId: ids.appId }],
    applications: [{ ...none, id: ids.applicationObjectId, appId: ids.appId, isDisabled: false }],
  };
}

export function objectOf(held: Directory, side: Side): Carrier | null {
  return held[`${side}s`].find(({ appId }) => appId === ids.appId) ?? null;
}

export function carrierOf(held: Directory, side: Side): Carrier {
  const carrier = objectOf(held, side);
  if (carrier === null) throw new Error(`there is no ${side}`);
  return carrier;
}

/** The directory with this object of the identity's, or without one. */
export function withObject(held: Directory, side: Side, object: Carrier | null): Directory {
  const others = held[`${side}s`].filter(({ appId }) => appId !== ids.appId);
  return { ...held, [`${side}s`]: object === null ? others : [...others, object] };
}

/** What the engine would hand to an action. A read of a kind that the double does not know is the test's mistake. */
export function snapshotOf(held: Directory, kind: IdentityKind = "home-single-tenant"): Snapshot {
  const identity: IdentityRef = {
    tenantId: ids.tenantId,
    appId: ids.appId,
    servicePrincipalId: objectOf(held, "servicePrincipal")?.id ?? null,
    applicationObjectId: objectOf(held, "application")?.id ?? null,
  };
  const managedIdentity = kind === "managed-identity" ? { userAssigned: true, resourceId: azureIdentityId } : null;
  return { identity, kind, managedIdentity, body: (request) => bodyOf(held, request) };
}

function bodyOf(held: Directory, request: ApiRequest): unknown {
  const { status, body } = readFrom(held, request);
  if (status === 404) return null;
  if (status !== 200) throw new Error(`${status}: ${request.path}`);
  return structuredClone(body);
}

/** The directory after the requests; whoever does what Graph refuses, is told. */
export function sent(held: Directory, requests: readonly ApiRequest[]): Directory {
  const after = structuredClone(held);
  for (const request of requests) {
    const { status, code } = writeTo(after, request);
    if (status >= 300) throw new Error(`${status} ${code}: ${request.method} ${request.path}`);
  }
  return after;
}

/** Receipts are stored; what they hold must be shown. */
export function keptKeyIds(receipt: unknown): readonly string[] {
  return CredentialReceipt.parse(receipt).removed.map(({ keyId }) => keyId);
}
