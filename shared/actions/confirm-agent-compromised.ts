/**
 * Tells Identity Protection that the agent is compromised. Beta only, with a licence in preview, so a step with it is optional
 * and its answers are read loosely. Not gathered: its body lists `agentIds`. Our own confirmation is no warrant.
 */
import { z } from "zod";
import { type ApiRequest, apiPath } from "../ports/tenant.ts";
import { defineAction, type Snapshot } from "./action.ts";

const Risky = z.object({ riskState: z.string().nullish(), riskLevel: z.string().nullish() }).nullable();

function riskyAgentRead(id: string): ApiRequest {
  const path = apiPath`/identityProtection/riskyAgents/${id}`;
  return { method: "GET", version: "beta", path, lane: "identity-protection" };
}

function read({ identity, body }: Snapshot): z.output<typeof Risky> {
  return identity.servicePrincipalId === null ? null : Risky.parse(body(riskyAgentRead(identity.servicePrincipalId)));
}

export const confirmAgentCompromised = defineAction({
  id: "confirm-agent-compromised",
  summary: "Confirms the agent as compromised in Identity Protection (beta).",
  parameters: z.strictObject({}),
  receipt: z.object({ riskLevelBefore: z.string().nullable(), riskStateBefore: z.string().nullable() }),
  impact: () => "irreversible",
  appliesTo: (kind) => kind === "agent" || kind === "agent-blueprint",
  permissions: () => ["IdentityRiskyAgent.ReadWrite.All"],
  reads: (_parameters, { identity }) =>
    identity.servicePrincipalId === null ? [] : [riskyAgentRead(identity.servicePrincipalId)],
  isInPlace: (_parameters, snapshot) =>
    snapshot.identity.servicePrincipalId === null || read(snapshot)?.riskState === "confirmedCompromised",
  keep(_parameters, snapshot) {
    const risky = read(snapshot);
    return { riskLevelBefore: risky?.riskLevel ?? null, riskStateBefore: risky?.riskState ?? null };
  },
  requests(_parameters, { identity }) {
    const body = { agentIds: [identity.servicePrincipalId] };
    const path = "/identityProtection/riskyAgents/confirmCompromised";
    return [{ method: "POST", version: "beta", path, lane: "identity-protection", body }];
  },
});
