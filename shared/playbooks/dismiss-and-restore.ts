/** A false positive: the risk is dismissed, and everything that was done in the incident is taken back, the last first. */
import { step } from "../actions/action.ts";
import { dismissRisk } from "../actions/dismiss-risk.ts";
import type { Playbook } from "./playbook.ts";

export const dismissAndRestore: Playbook = {
  id: "dismiss-and-restore",
  version: 1,
  summary: "Dismisses the risk and takes back everything that was done in the incident, the last change first.",
  handles: [],
  manual: true,
  settle: null,
  plan(finding, { applied }) {
    if (finding.details.about !== "manual") return [];
    const { reason } = finding.details;
    return [
      step(dismissRisk, {}, { stage: "eradicate", need: "optional", reason: "found to be a false positive" }),
      ...applied.map(({ planId, index, action, parameters }) => ({
        action,
        parameters,
        stage: "undo" as const,
        need: "required" as const,
        onFailure: "continue" as const,
        reason,
        undoes: { planId, index },
      })),
    ];
  },
  whyNot: () => "only a person asks for it",
};
