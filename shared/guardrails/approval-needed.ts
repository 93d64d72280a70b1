/** Effective mode = the strictest of detection ceiling, policy lines, stage mode and the policy's own mode. */
import { type Ceiling, mostPermissive, strictest } from "../domain/mode.ts";
import { stageMode } from "../domain/policy.ts";
import { type Guardrail, type GuardrailSubject, pass } from "./guardrail.ts";

/** Pure: the most permissive finding, held down by the stage's and the policy's mode. */
export function effectiveMode(subject: Pick<GuardrailSubject, "findings" | "policy" | "stage">): Ceiling {
  const permitted = mostPermissive(...subject.findings.map((weighed) => weighed.mode));
  return strictest(permitted, stageMode(subject.policy, subject.stage), subject.policy.mode);
}

function limits(subject: GuardrailSubject): string {
  const { policy, stage, findings } = subject;
  const best = findings.find((weighed) => weighed.mode === mostPermissive(...findings.map(({ mode }) => mode)));
  const held = [
    `policy mode ${policy.mode}`,
    `stage ${stage} ${stageMode(policy, stage)}`,
    ...(best === undefined ? [] : [`${best.finding.detection} ${best.mode}`, ...best.limits]),
  ];
  return held.join("; ");
}

export const approvalNeeded: Guardrail = {
  id: "approval-needed",
  title: "Keeps a stage from running beyond what the policy permits for its evidence.",
  check(subject) {
    const mode = effectiveMode(subject);
    if (mode === "enforce") return pass;
    const reason = limits(subject);
    return mode === "approve" ? { verdict: "ask", reason } : { verdict: "observe", reason };
  },
};
