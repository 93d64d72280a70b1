/** Deletes the service principal, softly: for 30 days it can be restored. Never a managed identity's, which customers cannot restore. */
import { z } from "zod";
import { apiPath } from "../ports/tenant.ts";
import { defineAction } from "./action.ts";
import { type DeletedObject, deletePermissions, lostWith, restoreReads, restoreWithAccess } from "./deleted-objects.ts";
import { directoryWrite } from "./directory-write.ts";
import { accessReads, accessRevertReads, accessTo, KeptAccess, lostAccess, noAccess } from "./kept-access.ts";
import { ownObjectId } from "./own-objects.ts";
import { servicePrincipalRead } from "./reads.ts";

function deleted(id: string): readonly DeletedObject[] {
  return [{ collection: "servicePrincipals", id }];
}

export const deleteServicePrincipal = defineAction({
  id: "delete-service-principal",
  summary: "Deletes the service principal, which can be restored for 30 days.",
  parameters: z.strictObject({}),
  receipt: z.object({ servicePrincipalId: z.string(), access: KeptAccess.default(noAccess) }),
  impact: () => "reversible",
  appliesTo: (kind) =>
    kind === "home-single-tenant" || kind === "home-multi-tenant" || kind === "foreign" || kind === "legacy",
  permissions: () => deletePermissions,
  reads: (_parameters, { identity }) => [servicePrincipalRead(identity)],
  readsNext: (_parameters, snapshot) => accessReads(ownObjectId("servicePrincipal", snapshot)),
  isInPlace: (_parameters, snapshot) => ownObjectId("servicePrincipal", snapshot) === null,
  keep(_parameters, snapshot) {
    const id = ownObjectId("servicePrincipal", snapshot);
    return { servicePrincipalId: id ?? "", access: accessTo(id, snapshot) };
  },
  requests(_parameters, snapshot) {
    const id = ownObjectId("servicePrincipal", snapshot);
    return id === null ? [] : [directoryWrite("DELETE", apiPath`/servicePrincipals/${id}`)];
  },
  revertReads: ({ servicePrincipalId: id, access }) => [...restoreReads(deleted(id)), ...accessRevertReads(id, access)],
  revert: ({ servicePrincipalId: id, access }, snapshot) => restoreWithAccess(deleted(id), id, access, snapshot),
  lost: ({ servicePrincipalId: id, access }) => [lostWith(id), ...lostAccess(access)],
});
