/** Objects in the bin, where Graph keeps them for 30 days: restored one by one, the application first (directory deleted items). */
import { type ApiRequest, apiPath } from "../ports/tenant.ts";
import type { Reversal, Snapshot } from "./action.ts";
import { directoryWrite } from "./directory-write.ts";
import { existsRead } from "./foothold-reads.ts";
import { givingBack, type KeptAccess } from "./kept-access.ts";

export interface DeletedObject {
  readonly collection: "applications" | "servicePrincipals";
  readonly id: string;
}

export function deletedItemRead(id: string): ApiRequest {
  return { method: "GET", version: "v1.0", path: apiPath`/directory/deletedItems/${id}`, lane: "directory" };
}

/** Is it there, and if not, is it in the bin? */
export function restoreReads(objects: readonly DeletedObject[]): readonly ApiRequest[] {
  return objects.flatMap(({ collection, id }) => [existsRead(collection, id), deletedItemRead(id)]);
}

/** Restoring an application does not restore its service principal (directory: restore deleted item). */
function restore(objects: readonly DeletedObject[], snapshot: Snapshot): Reversal {
  const missing = objects.filter(({ collection, id }) => snapshot.body(existsRead(collection, id)) === null);
  const purged = missing.find(({ id }) => snapshot.body(deletedItemRead(id)) === null);
  if (purged !== undefined) return { conflict: `${purged.id} of ${purged.collection} is deleted for good` };
  return {
    requests: missing.map(({ id }) => directoryWrite("POST", apiPath`/directory/deletedItems/${id}/restore`)),
  };
}

/** Nothing of what the directory keeps elsewhere is put back (recover from deletions, entra docs). */
export function lostWith(id: string): string {
  return `what Conditional Access and other policies said about ${id}`;
}

/** Of a deletion, and of what a restore gives back: assignments, grants, and whether those are there who had them. */
export const deletePermissions: readonly string[] = [
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Directory.Read.All",
];

/** The objects first, then who had access to the service principal; all of it goes on where it was when a part was refused. */
export function restoreWithAccess(
  objects: readonly DeletedObject[],
  servicePrincipalId: string | null,
  access: KeptAccess,
  snapshot: Snapshot,
): Reversal {
  const restored = restore(objects, snapshot);
  if ("conflict" in restored) return restored;
  const { requests, missing } = givingBack(servicePrincipalId, access, snapshot);
  return { requests: [...restored.requests, ...requests], missing };
}
