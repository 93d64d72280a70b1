/** No call revokes an application's tokens: what raises a revocation event is raised, and what that covers is said. */
import { step } from "../actions/action.ts";
import { confirmAgentCompromised } from "../actions/confirm-agent-compromised.ts";
import { confirmCompromised } from "../actions/confirm-compromised.ts";
import { disableAgent } from "../actions/disable-agent.ts";
import { disableServicePrincipal } from "../actions/disable-service-principal.ts";
import type { Inventory, Playbook } from "./playbook.ts";

function coverage({ kind }: Inventory): string {
  return kind === "home-single-tenant"
    ? "raises a revocation event, which Microsoft Graph alone heeds, for clients that opted in to continuous access evaluation"
    : "stops new tokens; for this kind no revocation event is documented, so tokens that were issued live to their end";
}

export const revokeTokens: Playbook = {
  id: "revoke-tokens",
  version: 1,
  summary:
    "Raises every revocation event that exists for the kind of identity; revert it once the credentials are rotated.",
  handles: [],
  kinds: ["home-single-tenant", "home-multi-tenant", "foreign", "legacy", "agent", "agent-blueprint"],
  manual: true,
  settle: null,
  plan(finding, inventory) {
    if (finding.details.about !== "manual") return [];
    const isAgent = inventory.kind === "agent" || inventory.kind === "agent-blueprint";
    const contain = { stage: "contain", reason: coverage(inventory) } as const;
    const confirm = { stage: "eradicate", need: "optional", reason: `a high risk: ${coverage(inventory)}` } as const;
    return isAgent
      ? [step(disableAgent, {}, contain), step(confirmAgentCompromised, {}, confirm)]
      : [step(disableServicePrincipal, {}, contain), step(confirmCompromised, {}, confirm)];
  },
  whyNot: () => "only a person asks for it",
};
