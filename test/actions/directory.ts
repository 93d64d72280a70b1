/** A directory of one identity's two objects, by hand: answers the actions' reads, and takes the requests they make. */
import type { Snapshot } from "../../shared/actions/action.ts";
import { CredentialReceipt } from "../../shared/actions/credential-target.ts";
import type { IdentityKind, IdentityRef } from "../../shared/domain/identity.ts";
import type { ApiRequest } from "../../shared/ports/tenant.ts";

export interface Password {
  readonly keyId: string;
  readonly customKeyIdentifier?: string | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly secretText?: string | null | undefined;
  readonly endDateTime?: string | null | undefined;
}

export interface Key extends Omit<Password, "secretText"> {
  readonly usage: string;
  readonly type?: string | undefined;
  readonly key?: string | null | undefined;
  readonly [more: string]: unknown;
}

export interface Carrier {
  id: string;
  appId: string;
  passwordCredentials: readonly Password[];
  keyCredentials: readonly Key[];
  [more: string]: unknown;
}

export interface Directory {
  servicePrincipal: Carrier | null;
  application: Carrier | null;
  risky: { id: string; riskState: string; riskLevel: string } | null;
}

export const ids = {
  tenantId: "5611623b-9128-461e-9d7f-a0d9c270ead2",
  appId: "b55552fe-a272-4b56-990b-95038d917878",
  servicePrincipalId: "9089a539-a539-4089-89a5-899039a58990",
  applicationObjectId: "8d8d96a4-edb4-495c-a412-6e72c7e21084",
  stranger: "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11",
} as const;

export function directory(change: Partial<Directory> = {}): Directory {
  return {
    servicePrincipal: {
      ...{ id: ids.servicePrincipalId, appId: ids.appId, accountEnabled: true, servicePrincipalType: "Application" },
      passwordCredentials: [],
      keyCredentials: [],
    },
    application: { id: ids.applicationObjectId, appId: ids.appId, passwordCredentials: [], keyCredentials: [] },
    risky: null,
    ...change,
  };
}

/** What the engine would hand to an action. A read of a kind this directory does not know is the test's mistake. */
export function snapshotOf(held: Directory, kind: IdentityKind = "home-single-tenant"): Snapshot {
  const identity: IdentityRef = {
    tenantId: ids.tenantId,
    appId: ids.appId,
    servicePrincipalId: held.servicePrincipal?.id ?? null,
    applicationObjectId: held.application?.id ?? null,
  };
  return { identity, kind, managedIdentity: null, body: ({ path }) => structuredClone(bodyOf(held, path)) };
}

function bodyOf(held: Directory, path: string): unknown {
  if (path.startsWith("/identityProtection/riskyServicePrincipals/")) return held.risky;
  const object = path.startsWith("/applications") ? held.application : held.servicePrincipal;
  if (!path.startsWith("/applications") && !path.startsWith("/servicePrincipals"))
    throw new Error(`not served: ${path}`);
  if (object === null) return null;
  const { passwordCredentials, keyCredentials, ...rest } = object;
  // as Graph does: certificates only where they are selected, and then little else
  return path.includes("keyCredentials")
    ? { id: rest.id, appId: rest.appId, keyCredentials }
    : { ...rest, passwordCredentials };
}

/** The directory after the requests; whoever names another object, or does what Graph refuses, is told. */
export function sent(held: Directory, requests: readonly ApiRequest[]): Directory {
  return requests.reduce(apply, structuredClone(held));
}

function apply(held: Directory, { method, path, body }: ApiRequest): Directory {
  if (method === "POST" && path === "/identityProtection/riskyServicePrincipals/confirmCompromised") {
    if (JSON.stringify(body) !== JSON.stringify({ servicePrincipalIds: [held.servicePrincipal?.id] }))
      throw new Error("not the victim");
    return { ...held, risky: { id: ids.servicePrincipalId, riskState: "confirmedCompromised", riskLevel: "high" } };
  }
  const [collection, id, verb] = path.slice(1).split("/");
  const side = collection === "applications" ? "application" : "servicePrincipal";
  const object = held[side];
  if (object === null || object.id !== id) throw new Error(`404: ${path}`);
  if (method === "POST" && verb === "removePassword") return { ...held, [side]: withoutPassword(object, body?.keyId) };
  if (method === "PATCH" && verb === undefined) return { ...held, [side]: patched(object, body ?? {}) };
  throw new Error(`not served: ${method} ${path}`);
}

function withoutPassword(object: Carrier, keyId: unknown): Carrier {
  const passwordCredentials = object.passwordCredentials.filter((password) => password.keyId !== keyId);
  if (passwordCredentials.length === object.passwordCredentials.length)
    throw new Error(`400: no password ${String(keyId)}`);
  return { ...object, passwordCredentials };
}

function patched(object: Carrier, body: Readonly<Record<string, unknown>>): Carrier {
  const before = new Set(object.keyCredentials.map((key) => JSON.stringify(key)));
  const keys = body.keyCredentials;
  if (Array.isArray(keys) && keys.some((key) => !before.has(JSON.stringify(key))))
    throw new Error("400: KeyNotUpdatable");
  return { ...object, ...body };
}

/** Receipts are stored; what they hold must be shown. */
export function keptKeyIds(receipt: unknown): readonly string[] {
  return CredentialReceipt.parse(receipt).removed.map(({ keyId }) => keyId);
}
