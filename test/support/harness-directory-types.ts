/** What the double of Graph holds, and how its parts answer: one file a group of collections, each takes what is its own. */
import type { ApiRequest } from "../../shared/ports/tenant.ts";
import type {
  AppRoleAssignment,
  AzureFederatedCredential,
  AzureIdentity,
  AzureRoleAssignment,
  AzureSubscription,
  DirectoryRole,
  FederatedCredential,
  Grant,
  Group,
  Ownership,
} from "./harness-directory-items.ts";

export interface Credential {
  readonly keyId: string;
  readonly [more: string]: unknown;
}

export interface Carrier {
  id: string;
  appId: string;
  passwordCredentials: readonly Credential[];
  keyCredentials: readonly Credential[];
  [more: string]: unknown;
}

export interface Directory {
  servicePrincipals: Carrier[];
  applications: Carrier[];
  appRoleAssignments: AppRoleAssignment[];
  grants: Grant[];
  federatedCredentials: FederatedCredential[];
  ownerships: Ownership[];
  users: { readonly id: string }[];
  groups: Group[];
  directoryRoles: DirectoryRole[];
  azureSubscriptions: AzureSubscription[];
  azureRoleAssignments: AzureRoleAssignment[];
  azureIdentities: AzureIdentity[];
  azureFederatedCredentials: AzureFederatedCredential[];
  riskDetections: Record<string, unknown>[];
  risky: { id: string; riskState: string; riskLevel: string }[];
  audits: { id: string; activityDateTime: string; targetResources: { id: string }[] }[];
  deletedItems: Record<string, unknown>[];
  /** rows of the report on last use */
  credentialActivities: { readonly keyId: string; readonly signInActivity: Readonly<Record<string, string>> }[];
  activities: { readonly appId: string; readonly [activity: string]: unknown }[];
  conditionalAccessPolicies: { id: string; [more: string]: unknown }[];
  /** how many objects were created here: the next one's id */
  created: number;
}

export interface Reply {
  readonly status: number;
  readonly code?: string;
  readonly body?: unknown;
}

export interface Call {
  readonly method: ApiRequest["method"];
  readonly version: ApiRequest["version"];
  /** decoded; `applications(appId='…')` has become `applications`, `{object id}` (or `none`) */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Null: not one of its collections. Writes change the directory in place. */
export type Part = (directory: Directory, call: Call) => Reply | null;

export const notFound: Reply = { status: 404, code: "Request_ResourceNotFound" };
export const refused: Reply = { status: 400, code: "Request_BadRequest" };
export const done: Reply = { status: 204 };

export function page(value: readonly unknown[]): Reply {
  return { status: 200, body: { value } };
}

export function found(body: unknown): Reply {
  return body === undefined ? notFound : { status: 200, body };
}

export function newId(directory: Directory): string {
  directory.created += 1;
  return `99999999-0000-4000-8000-${String(directory.created).padStart(12, "0")}`;
}

export function has(list: readonly { readonly id: string }[], id: unknown): boolean {
  return list.some((one) => one.id === id);
}

/** Takes out those that fit; how many there were decides the answer. */
export function removeFrom<T>(list: T[], fits: (one: T) => boolean): Reply {
  const staying = list.filter((one) => !fits(one));
  if (staying.length === list.length) return notFound;
  list.splice(0, list.length, ...staying);
  return done;
}

/** The id in the body of a `$ref` POST. */
export function referred(body: Readonly<Record<string, unknown>>): string {
  return String(body["@odata.id"]).split("/").at(-1) ?? "";
}
