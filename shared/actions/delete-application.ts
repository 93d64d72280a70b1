/**
 * Deletes the home application, softly, and with it its service principal here (restore an application, entra docs). In other
 * tenants its service principals stay and can get no token.
 */
import { z } from "zod";
import { apiPath } from "../ports/tenant.ts";
import { defineAction, type Snapshot } from "./action.ts";
import { type DeletedObject, deletePermissions, lostWith, restoreReads, restoreWithAccess } from "./deleted-objects.ts";
import { directoryWrite } from "./directory-write.ts";
import { accessReads, accessRevertReads, accessTo, KeptAccess, lostAccess, noAccess } from "./kept-access.ts";
import { ownObjectId } from "./own-objects.ts";
import { applicationRead, servicePrincipalRead } from "./reads.ts";

const Receipt = z.object({
  applicationId: z.string(),
  servicePrincipalId: z.string().nullable(),
  access: KeptAccess.default(noAccess),
});

function deleted({ applicationId, servicePrincipalId }: z.output<typeof Receipt>): readonly DeletedObject[] {
  const application = { collection: "applications", id: applicationId } as const;
  if (servicePrincipalId === null) return [application];
  return [application, { collection: "servicePrincipals", id: servicePrincipalId }];
}

function applicationId(snapshot: Snapshot): string | null {
  return ownObjectId("application", snapshot);
}

export const deleteApplication = defineAction({
  id: "delete-application",
  summary: "Deletes the home application and with it its service principal, which can both be restored for 30 days.",
  parameters: z.strictObject({}),
  receipt: Receipt,
  /** What stands still in other tenants meanwhile is not ours to give back. */
  impact: (kind) => (kind === "home-multi-tenant" ? "irreversible" : "reversible"),
  appliesTo: (kind) => kind === "home-single-tenant" || kind === "home-multi-tenant",
  permissions: () => deletePermissions,
  reads: (_parameters, { identity }) => [applicationRead(identity), servicePrincipalRead(identity)],
  readsNext: (_parameters, snapshot) => accessReads(ownObjectId("servicePrincipal", snapshot)),
  reachesOtherTenants: () => true,
  isInPlace: (_parameters, snapshot) => applicationId(snapshot) === null,
  keep: (_parameters, snapshot) => ({
    applicationId: applicationId(snapshot) ?? "",
    servicePrincipalId: ownObjectId("servicePrincipal", snapshot),
    access: accessTo(ownObjectId("servicePrincipal", snapshot), snapshot),
  }),
  requests(_parameters, snapshot) {
    const id = applicationId(snapshot);
    return id === null ? [] : [directoryWrite("DELETE", apiPath`/applications/${id}`)];
  },
  revertReads: (receipt) => [
    ...restoreReads(deleted(receipt)),
    ...accessRevertReads(receipt.servicePrincipalId, receipt.access),
  ],
  revert: (receipt, snapshot) =>
    restoreWithAccess(deleted(receipt), receipt.servicePrincipalId, receipt.access, snapshot),
  lost: (receipt) => [...deleted(receipt).map(({ id }) => lostWith(id)), ...lostAccess(receipt.access)],
});
