/**
 * Deactivates the home application in every tenant: `isDisabled` true. No CAE event, and existing tokens live on; an owner of
 * the application can undo it, so owners go first where only administrators may (deactivate an app registration, entra docs).
 */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import { type ApiRequest, apiPath, odataString } from "../ports/tenant.ts";
import { defineAction, type Snapshot } from "./action.ts";
import { directoryWrite } from "./directory-write.ts";

const Switch = z.object({ id: Guid, appId: Guid, isDisabled: z.boolean().nullish() }).nullable();

function switchRead({ identity }: Pick<Snapshot, "identity">): ApiRequest {
  const { appId, applicationObjectId } = identity;
  const path =
    appId === null && applicationObjectId !== null
      ? apiPath`/applications/${applicationObjectId}`
      : `/applications(appId=${odataString(appId ?? "")})`;
  return { method: "GET", version: "v1.0", path: `${path}?$select=id,appId,isDisabled`, lane: "directory" };
}

function read(snapshot: Snapshot): z.output<typeof Switch> {
  return Switch.parse(snapshot.body(switchRead(snapshot)));
}

function setIsDisabled(id: string, isDisabled: boolean): ApiRequest {
  return directoryWrite("PATCH", apiPath`/applications/${id}`, { isDisabled });
}

export const deactivateApplication = defineAction({
  id: "deactivate-application",
  summary: "Deactivates the home application, in this tenant and in every other that uses it (isDisabled true).",
  parameters: z.strictObject({}),
  receipt: z.object({ applicationId: z.string(), wasActive: z.boolean() }),
  /** What stands still in other tenants meanwhile is not ours to give back. */
  impact: (kind) => (kind === "home-multi-tenant" ? "irreversible" : "reversible"),
  appliesTo: (kind) => kind === "home-single-tenant" || kind === "home-multi-tenant",
  permissions: () => ["Application.ReadWrite.All"],
  reads: (_parameters, subject) => [switchRead(subject)],
  reachesOtherTenants: () => true,
  isInPlace(_parameters, snapshot) {
    const found = read(snapshot);
    return found === null || found.isDisabled === true;
  },
  keep(_parameters, snapshot) {
    const found = read(snapshot);
    return { applicationId: found?.id ?? "", wasActive: found?.isDisabled !== true };
  },
  requests(_parameters, snapshot) {
    const found = read(snapshot);
    return found === null ? [] : [setIsDisabled(found.id, true)];
  },
  revertReads: (_receipt, subject) => [switchRead(subject)],
  revert(receipt, snapshot) {
    const found = read(snapshot);
    if (found?.id !== receipt.applicationId) {
      return { conflict: `application ${receipt.applicationId} is not there any more` };
    }
    const isOurs = found.isDisabled === true && receipt.wasActive;
    return { requests: isOurs ? [setIsDisabled(found.id, false)] : [] };
  },
});
