/** Who switches a blueprint off switches every agent of it off: a person decides that, with the list of them before their eyes. */
import { type Guardrail, pass } from "./guardrail.ts";

const shown = 50;

export const blueprintAgents: Guardrail = {
  id: "blueprint-agents",
  title: "Keeps a blueprint from being disabled by anybody who was not shown which other agents stop with it.",
  check({ agents }) {
    if (agents === null) {
      const reason = "which agents stop with this blueprint could not be read";
      return { verdict: "defer", reason, lastly: "refuse" };
    }
    if (agents.length === 0) return pass;
    const more = agents.length > shown ? ` and ${agents.length - shown} more` : "";
    const list = agents.slice(0, shown).join(", ");
    return { verdict: "ask", reason: `${agents.length} agents stop with this blueprint: ${list}${more}` };
  },
};
