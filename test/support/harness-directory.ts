/** A small directory by hand: what Graph holds of a few identities, and what the requests of our actions do to it. */
import type { ApiRequest } from "../../shared/ports/tenant.ts";

export interface Credential {
  readonly keyId: string;
  readonly endDateTime: string | null;
  readonly [more: string]: unknown;
}

export interface Carrier {
  id: string;
  appId: string;
  passwordCredentials: Credential[];
  keyCredentials: Credential[];
  [more: string]: unknown;
}

export interface Directory {
  servicePrincipals: Carrier[];
  applications: Carrier[];
  /** by object id of the service principal: who may use it */
  assignedTo: Record<string, { id: string; principalType: string; principalId: string }[]>;
  grants: Record<string, { id: string; clientId: string }[]>;
  riskDetections: Record<string, unknown>[];
  risky: { id: string; riskState: string; riskLevel: string }[];
  audits: { id: string; activityDateTime: string; targetResources: { id: string }[] }[];
  deletedItems: Record<string, unknown>[];
}

export interface Reply {
  readonly status: number;
  readonly code?: string;
  readonly body?: unknown;
}

const notFound: Reply = { status: 404, code: "Request_ResourceNotFound" };

export function emptyDirectory(): Directory {
  return {
    servicePrincipals: [],
    applications: [],
    assignedTo: {},
    grants: {},
    riskDetections: [],
    risky: [],
    audits: [],
    deletedItems: [],
  };
}

interface Address {
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

function addressOf({ path }: ApiRequest): Address {
  const [before = "", query = ""] = path.split("?");
  return { segments: before.split("/").slice(1).map(decodeURIComponent), query: new URLSearchParams(query) };
}

/** `servicePrincipals/{id}` and `servicePrincipals(appId='…')` are the same object. */
function carrier(
  directory: Directory,
  segments: readonly string[],
): { found: Carrier | undefined; rest: readonly string[] } {
  const [collection = "", ...rest] = segments;
  const name = collection.startsWith("applications") ? "applications" : "servicePrincipals";
  const [, appId] = /\(appId='(.*)'\)$/.exec(collection) ?? [];
  const wanted = appId ?? rest[0];
  const found = directory[name].find((one) => (appId === undefined ? one.id : one.appId) === wanted);
  return { found, rest: appId === undefined ? rest.slice(1) : rest };
}

/** As Graph does: certificates only where they are selected, and then little else. */
function shown({ passwordCredentials, keyCredentials, ...rest }: Carrier, select: string): unknown {
  return select.includes("keyCredentials")
    ? { id: rest.id, appId: rest.appId, keyCredentials }
    : { ...rest, passwordCredentials };
}

function page(value: readonly unknown[] | undefined): Reply {
  return { status: 200, body: { value: value ?? [] } };
}

function byId(list: readonly Record<string, unknown>[], id: string | undefined): Reply {
  const found = list.find((one) => one.id === id);
  return found === undefined ? notFound : { status: 200, body: found };
}

/** Answers a GET of ours; a read of another kind is the test's mistake. */
export function readFrom(directory: Directory, request: ApiRequest): Reply {
  const { segments, query } = addressOf(request);
  const [first = "", second, third] = segments;
  if (first === "identityProtection" && second === "servicePrincipalRiskDetections") {
    const [, wanted] = /servicePrincipalId eq '(.*)'/.exec(query.get("$filter") ?? "") ?? [];
    return page(directory.riskDetections.filter((one) => wanted === undefined || one.servicePrincipalId === wanted));
  }
  if (first === "identityProtection" && second === "riskyServicePrincipals") return byId(directory.risky, third);
  if (first === "auditLogs") return byId(directory.audits, third);
  if (first === "directory" && second === "deletedItems") return byId(directory.deletedItems, third);
  if (!/^(servicePrincipals|applications)/.test(first)) throw new Error(`not served: GET ${request.path}`);
  const { found, rest } = carrier(directory, segments);
  if (found === undefined) return notFound;
  if (rest[0] === "appRoleAssignments") return page([]);
  if (rest[0] === "appRoleAssignedTo") return page(directory.assignedTo[found.id]);
  if (rest[0] === "oauth2PermissionGrants") return page(directory.grants[found.id]);
  return { status: 200, body: shown(found, query.get("$select") ?? "") };
}

/** Applies a change of ours in place; what it does not know is the test's mistake. */
export function writeTo(directory: Directory, request: ApiRequest): Reply {
  const { segments } = addressOf(request);
  const { method, body = {} } = request;
  if (segments.at(-1) === "confirmCompromised") return confirm(directory, body.servicePrincipalIds);
  const { found, rest } = carrier(directory, segments);
  if (found === undefined) return notFound;
  if (method === "POST" && rest[0] === "removePassword") return removePassword(found, body.keyId);
  if (method !== "PATCH" || rest.length > 0) throw new Error(`not served: ${method} ${request.path}`);
  const known = new Set(found.keyCredentials.map((key) => JSON.stringify(key)));
  const keys = body.keyCredentials;
  if (Array.isArray(keys) && keys.some((key) => !known.has(JSON.stringify(key)))) {
    return { status: 400, code: "KeyNotUpdatable" };
  }
  Object.assign(found, structuredClone(body));
  return { status: 204 };
}

function removePassword(found: Carrier, keyId: unknown): Reply {
  const staying = found.passwordCredentials.filter((one) => one.keyId !== keyId);
  if (staying.length === found.passwordCredentials.length) return { status: 400, code: "Request_BadRequest" };
  found.passwordCredentials = staying;
  return { status: 204 };
}

function confirm(directory: Directory, ids: unknown): Reply {
  for (const id of Array.isArray(ids) ? ids : []) {
    directory.risky = directory.risky.filter((one) => one.id !== id);
    directory.risky.push({ id, riskState: "confirmedCompromised", riskLevel: "high" });
  }
  return { status: 204 };
}
