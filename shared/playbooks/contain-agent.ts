/** An agent has permissions of its own and credentials of its blueprint: it is disabled; what is done to a blueprint is done to all its agents. */
import { step } from "../actions/action.ts";
import { confirmAgentCompromised } from "../actions/confirm-agent-compromised.ts";
import { disableAgent } from "../actions/disable-agent.ts";
import type { Inventory, Playbook } from "./playbook.ts";

function reasonFor({ kind }: Inventory): string {
  return kind === "agent-blueprint"
    ? "stops new tokens of every agent of this blueprint, not of one alone"
    : "stops new tokens of this agent; its blueprint, other agents of that, and its agent user go on and are for a person to decide";
}

export const containAgent: Playbook = {
  id: "contain-agent",
  version: 1,
  summary:
    "Disables an agent identity, or by a person's decision a blueprint's principal and with it all of its agents.",
  handles: [
    "risky-service-principal",
    "service-principal-risk-detected",
    "containment-undone",
    "service-principal-granted",
    "risky-sign-in",
    "blocked-by-conditional-access",
    "sign-in-outside-trusted-locations",
  ],
  kinds: ["agent", "agent-blueprint"],
  manual: true,
  settle: null,
  plan: (_finding, inventory) => [
    step(disableAgent, {}, { stage: "contain", reason: reasonFor(inventory) }),
    step(
      confirmAgentCompromised,
      {},
      {
        stage: "eradicate",
        need: "optional",
        reason: "risk history for the next investigator; Graph has it on beta only",
      },
    ),
  ],
};
