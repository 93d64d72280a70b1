/**
 * Who was assigned to a service principal, and what was granted on it as a resource: Graph deletes both for good with the object (recover
 * from deletions, entra docs). It is kept in the receipt of the deletion and given back after the restore; never a list of things to delete.
 */
import { z } from "zod";
import { type ApiRequest, apiPath, odataString } from "../ports/tenant.ts";
import type { Snapshot } from "./action.ts";
import { directoryWrite } from "./directory-write.ts";
import { existsRead } from "./foothold-reads.ts";
import { pageOf, wholeList } from "./own-objects.ts";

const Assigned = z.object({ principalId: z.string(), appRoleId: z.string() });
const Granted = z.object({
  clientId: z.string(),
  consentType: z.string(),
  principalId: z.string().nullable(),
  scope: z.string().nullable(),
});
type Assigned = z.infer<typeof Assigned>;
type Granted = z.infer<typeof Granted>;

/** Who may use it: users, groups and client applications; and which clients may call it in users' names. */
export const KeptAccess = z.object({ assigned: z.array(Assigned), granted: z.array(Granted) });
export type KeptAccess = z.infer<typeof KeptAccess>;

export const noAccess: KeptAccess = { assigned: [], granted: [] };

const nullable = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const AssignedPage = pageOf(Assigned);
const GrantedPage = pageOf(Granted.extend({ principalId: nullable, scope: nullable }));

function assignedRead(id: string): ApiRequest {
  const path = `${apiPath`/servicePrincipals/${id}/appRoleAssignedTo`}?$top=999`;
  return { method: "GET", version: "v1.0", path, lane: "directory", allPages: true };
}

function grantedRead(id: string): ApiRequest {
  const path = `/oauth2PermissionGrants?$filter=resourceId eq ${odataString(id)}&$top=999`;
  return { method: "GET", version: "v1.0", path, lane: "directory", allPages: true };
}

function directoryObjectRead(id: string): ApiRequest {
  return { method: "GET", version: "v1.0", path: `${apiPath`/directoryObjects/${id}`}?$select=id`, lane: "directory" };
}

/** `id`: of the service principal; null: there is none, hence nothing. */
export function accessReads(id: string | null): readonly ApiRequest[] {
  return id === null ? [] : [assignedRead(id), grantedRead(id)];
}

/** @throws RetryableError when one of the lists is not whole */
export function accessTo(id: string | null, snapshot: Snapshot): KeptAccess {
  if (id === null) return noAccess;
  const assigned = wholeList(AssignedPage, snapshot, assignedRead(id));
  const granted = wholeList(GrantedPage, snapshot, grantedRead(id));
  return { assigned: [...assigned], granted: [...granted] };
}

export function accessRevertReads(id: string | null, kept: KeptAccess): readonly ApiRequest[] {
  if (id === null || isNothing(kept)) return [];
  return [...accessReads(id), ...otherEnds(kept).map(directoryObjectRead)];
}

function isNothing({ assigned, granted }: KeptAccess): boolean {
  return assigned.length + granted.length === 0;
}

/** The service principal is not among them: it is there, or comes back before. */
function otherEnds({ assigned, granted }: KeptAccess): readonly string[] {
  const clients = granted.flatMap(({ clientId, principalId }) => [clientId, principalId]);
  return [...new Set([...assigned.map(({ principalId }) => principalId), ...clients])].filter((id) => id !== null);
}

/** What is missing of it, as requests; and one phrase for each other end that is gone. While the object is not there, all is missing. */
export function givingBack(
  id: string | null,
  kept: KeptAccess,
  snapshot: Snapshot,
): { readonly requests: readonly ApiRequest[]; readonly missing: readonly string[] } {
  if (id === null || isNothing(kept)) return { requests: [], missing: [] };
  const isThere = snapshot.body(existsRead("servicePrincipals", id)) !== null;
  const now = isThere ? accessTo(id, snapshot) : noAccess;
  const gone = otherEnds(kept).filter((one) => one !== id && snapshot.body(directoryObjectRead(one)) === null);
  const isWhole = (...ends: readonly (string | null)[]) => !ends.some((end) => end !== null && gone.includes(end));
  const assigned = kept.assigned.filter((one) => isWhole(one.principalId) && !now.assigned.some(isSameAssignment(one)));
  const granted = kept.granted.filter(
    (one) => isWhole(one.clientId, one.principalId) && !now.granted.some(isSameGrant(one)),
  );
  return {
    requests: [...assigned.map((one) => assign(id, one)), ...granted.map((one) => grant(id, one))],
    missing: gone.map((one) => `${one} is not there any more, so its access is not given back`),
  };
}

function isSameAssignment(a: Assigned) {
  return (b: Assigned) => a.principalId === b.principalId && a.appRoleId === b.appRoleId;
}

/** Graph keeps one for each client, resource, consent type and user: one of other scopes was given since, and stays as it is. */
function isSameGrant(a: Granted) {
  return (b: Granted) =>
    a.clientId === b.clientId && a.consentType === b.consentType && a.principalId === b.principalId;
}

function assign(resourceId: string, { principalId, appRoleId }: Assigned): ApiRequest {
  const body = { principalId, resourceId, appRoleId };
  return directoryWrite("POST", apiPath`/servicePrincipals/${resourceId}/appRoleAssignedTo`, body);
}

function grant(resourceId: string, { clientId, consentType, principalId, scope }: Granted): ApiRequest {
  const user = principalId === null ? {} : { principalId };
  return directoryWrite("POST", "/oauth2PermissionGrants", { clientId, consentType, resourceId, scope, ...user });
}

/** The ids of what is given back are others. */
export function lostAccess({ assigned, granted }: KeptAccess): readonly string[] {
  if (assigned.length + granted.length === 0) return [];
  return [`the ids and dates of ${assigned.length} assignments to it and ${granted.length} delegated grants on it`];
}
