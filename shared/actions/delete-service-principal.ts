/** Deletes the service principal, softly: for 30 days it can be restored. Never a managed identity's, which customers cannot restore. */
import { z } from "zod";
import { apiPath } from "../ports/tenant.ts";
import { defineAction } from "./action.ts";
import { type DeletedObject, lostWith, restore, restoreReads } from "./deleted-objects.ts";
import { directoryWrite } from "./directory-write.ts";
import { ownObjectId } from "./own-objects.ts";
import { servicePrincipalRead } from "./reads.ts";

function deleted(id: string): readonly DeletedObject[] {
  return [{ collection: "servicePrincipals", id }];
}

export const deleteServicePrincipal = defineAction({
  id: "delete-service-principal",
  summary: "Deletes the service principal, which can be restored for 30 days.",
  parameters: z.strictObject({}),
  receipt: z.object({ servicePrincipalId: z.string() }),
  impact: () => "reversible",
  appliesTo: (kind) =>
    kind === "home-single-tenant" || kind === "home-multi-tenant" || kind === "foreign" || kind === "legacy",
  permissions: () => ["Application.ReadWrite.All"],
  reads: (_parameters, { identity }) => [servicePrincipalRead(identity)],
  isInPlace: (_parameters, snapshot) => ownObjectId("servicePrincipal", snapshot) === null,
  keep: (_parameters, snapshot) => ({ servicePrincipalId: ownObjectId("servicePrincipal", snapshot) ?? "" }),
  requests(_parameters, snapshot) {
    const id = ownObjectId("servicePrincipal", snapshot);
    return id === null ? [] : [directoryWrite("DELETE", apiPath`/servicePrincipals/${id}`)];
  },
  revertReads: ({ servicePrincipalId }) => restoreReads(deleted(servicePrincipalId)),
  revert: ({ servicePrincipalId }, snapshot) => restore(deleted(servicePrincipalId), snapshot),
  lost: ({ servicePrincipalId }) => [lostWith(servicePrincipalId)],
});
