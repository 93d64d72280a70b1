/** Effective mode = the strictest of detection ceiling, policy lines, stage mode and the policy's own mode. */
import { type Ceiling, type Mode, mostPermissive, strictest } from "../domain/mode.ts";
import { stageMode } from "../domain/policy.ts";
import { type Guardrail, type GuardrailSubject, pass } from "./guardrail.ts";

type Judged = Pick<GuardrailSubject, "findings" | "policy" | "stage" | "playbook">;

/** Pure: the most permissive finding, held down by the stage's and the policy's mode. */
export function effectiveMode(subject: Judged): Ceiling {
  const permitted = mostPermissive(...subject.findings.map((weighed) => weighed.mode));
  return strictest(permitted, stageLimit(subject), subject.policy.mode);
}

/** A line may let the eradicate stage of one playbook run for its very evidence; contain has no such exception. */
function stageLimit({ findings, policy, stage, playbook }: Judged): Mode {
  const isUnattended = findings.some((one) => one.mode === "enforce" && one.unattended?.includes(playbook) === true);
  return stage === "eradicate" && isUnattended ? "enforce" : stageMode(policy, stage);
}

function limits(subject: GuardrailSubject): string {
  const { policy, stage, findings } = subject;
  const best = findings.find((weighed) => weighed.mode === mostPermissive(...findings.map(({ mode }) => mode)));
  const held = [
    `policy mode ${policy.mode}`,
    `stage ${stage} ${stageLimit(subject)}`,
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
