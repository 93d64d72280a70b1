/** People lowered how far this playbook may go, at run time. Nothing they set there lets it go further than the policy file. */
import type { ModeOverride } from "../domain/settings.ts";
import { type Guardrail, pass } from "./guardrail.ts";

export function sayOverride({ mode, by, at, reason }: ModeOverride): string {
  return `the playbook was set to ${mode} by ${by} at ${at}: ${reason}`;
}

export const modeOverride: Guardrail = {
  id: "mode-override",
  title: "Keeps a playbook from going further than people let it at run time.",
  check({ modeOverride: set }) {
    if (set === null || set.mode === "enforce") return pass;
    return { verdict: set.mode === "observe" ? "observe" : "ask", reason: sayOverride(set) };
  },
};
