/** Turns sign-in on again, on a person's word: after its credentials are rotated. Taking a disable back restores it by receipt. */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import { apiPath } from "../ports/tenant.ts";
import { defineAction } from "./action.ts";
import { directoryWrite } from "./directory-write.ts";
import { servicePrincipalRead, shownServicePrincipal } from "./reads.ts";

function setAccountEnabled(id: string, accountEnabled: boolean) {
  return directoryWrite("PATCH", apiPath`/servicePrincipals/${id}`, { accountEnabled });
}

export const enableServicePrincipal = defineAction({
  id: "enable-service-principal",
  summary: "Turns sign-in on for the service principal in this tenant (accountEnabled true).",
  parameters: z.strictObject({}),
  receipt: z.object({ servicePrincipalId: Guid, wasDisabled: z.boolean() }),
  impact: () => "reversible",
  appliesTo: (kind) => kind === "home-single-tenant" || kind === "home-multi-tenant" || kind === "foreign",
  permissions: () => ["Application.ReadWrite.All"],
  reads: (_parameters, { identity }) => [servicePrincipalRead(identity)],
  isInPlace: (_parameters, snapshot) => shownServicePrincipal(snapshot)?.accountEnabled === true,
  keep(_parameters, snapshot) {
    const found = shownServicePrincipal(snapshot);
    return { servicePrincipalId: found?.id ?? "", wasDisabled: found?.accountEnabled === false };
  },
  requests(_parameters, snapshot) {
    const found = shownServicePrincipal(snapshot);
    return found === null ? [] : [setAccountEnabled(found.id, true)];
  },
  revert(receipt, snapshot) {
    const found = shownServicePrincipal(snapshot);
    if (found?.id !== receipt.servicePrincipalId) {
      return { conflict: `service principal ${receipt.servicePrincipalId} is not there any more` };
    }
    const isOurs = found.accountEnabled === true && receipt.wasDisabled;
    return { requests: isOurs ? [setAccountEnabled(found.id, false)] : [] };
  },
});
