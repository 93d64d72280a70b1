/** Turns sign-in off in this tenant: `accountEnabled` false. The containment call; CAE listens to it, not to `isDisabled`. */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import { type ApiRequest, apiPath } from "../ports/tenant.ts";
import { defineAction } from "./action.ts";
import { servicePrincipalRead, shownServicePrincipal } from "./reads.ts";

function setAccountEnabled(servicePrincipalId: string, accountEnabled: boolean): ApiRequest {
  const path = apiPath`/servicePrincipals/${servicePrincipalId}`;
  return { method: "PATCH", version: "v1.0", path, lane: "directory-write", body: { accountEnabled } };
}

export const disableServicePrincipal = defineAction({
  id: "disable-service-principal",
  summary: "Turns sign-in off for the service principal in this tenant (accountEnabled false).",
  parameters: z.strictObject({}),
  receipt: z.object({ servicePrincipalId: Guid, wasEnabled: z.boolean() }),
  impact: () => "reversible",
  /** A managed identity "cannot be updated or modified directly" (servicePrincipal resource): whether PATCH works is unverified. */
  appliesTo: (kind) => kind === "home-single-tenant" || kind === "home-multi-tenant" || kind === "foreign",
  permissions: () => ["Application.ReadWrite.All"],
  reads: (_parameters, { identity }) => [servicePrincipalRead(identity)],
  isInPlace: (_parameters, snapshot) => shownServicePrincipal(snapshot)?.accountEnabled === false,
  keep(_parameters, snapshot) {
    const found = shownServicePrincipal(snapshot);
    return { servicePrincipalId: found?.id ?? "", wasEnabled: found?.accountEnabled === true };
  },
  requests(_parameters, snapshot) {
    const found = shownServicePrincipal(snapshot);
    return found === null ? [] : [setAccountEnabled(found.id, false)];
  },
  revert(receipt, snapshot) {
    const found = shownServicePrincipal(snapshot);
    if (found === null || found.id !== receipt.servicePrincipalId) {
      return { conflict: `service principal ${receipt.servicePrincipalId} is not there any more` };
    }
    const isOurs = found.accountEnabled === false && receipt.wasEnabled;
    return { requests: isOurs ? [setAccountEnabled(found.id, true)] : [] };
  },
});
