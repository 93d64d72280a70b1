/**
 * Turns sign-in off for an agent identity, or for the principal of a blueprint and so for every agent of it. Needs the agents'
 * own permissions; whether Graph does what it accepts here is known by reading it again only.
 */
import { z } from "zod";
import { Guid, type IdentityKind } from "../domain/identity.ts";
import { type ApiRequest, apiPath } from "../ports/tenant.ts";
import { defineAction } from "./action.ts";
import { directoryWrite } from "./directory-write.ts";
import { servicePrincipalRead, shownServicePrincipal } from "./reads.ts";

/** An agent is addressed by its type; of a blueprint's principal Graph's description has the plain address alone. */
function setAccountEnabled(kind: IdentityKind, id: string, accountEnabled: boolean): ApiRequest {
  const path =
    kind === "agent"
      ? apiPath`/servicePrincipals/${id}/microsoft.graph.agentIdentity`
      : apiPath`/servicePrincipals/${id}`;
  return directoryWrite("PATCH", path, { accountEnabled });
}

export const disableAgent = defineAction({
  id: "disable-agent",
  summary: "Turns sign-in off for an agent identity, or for a blueprint's principal and with it for all of its agents.",
  parameters: z.strictObject({}),
  receipt: z.object({ servicePrincipalId: Guid, wasEnabled: z.boolean() }),
  impact: () => "reversible",
  appliesTo: (kind) => kind === "agent" || kind === "agent-blueprint",
  permissions: (kind) =>
    kind === "agent-blueprint"
      ? ["AgentIdentityBlueprintPrincipal.EnableDisable.All"]
      : ["AgentIdentity.EnableDisable.All"],
  reads: (_parameters, { identity }) => [servicePrincipalRead(identity)],
  isInPlace: (_parameters, snapshot) => shownServicePrincipal(snapshot)?.accountEnabled === false,
  keep(_parameters, snapshot) {
    const found = shownServicePrincipal(snapshot);
    return { servicePrincipalId: found?.id ?? "", wasEnabled: found?.accountEnabled === true };
  },
  requests(_parameters, snapshot) {
    const found = shownServicePrincipal(snapshot);
    return found === null ? [] : [setAccountEnabled(snapshot.kind, found.id, false)];
  },
  revert(receipt, snapshot) {
    const found = shownServicePrincipal(snapshot);
    if (found?.id !== receipt.servicePrincipalId) {
      return { conflict: `service principal ${receipt.servicePrincipalId} is not there any more` };
    }
    const isOurs = found.accountEnabled === false && receipt.wasEnabled;
    return { requests: isOurs ? [setAccountEnabled(snapshot.kind, found.id, true)] : [] };
  },
});
