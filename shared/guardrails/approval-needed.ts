/** Effective mode = the strictest of detection ceiling, policy lines, stage mode and the policy's own mode. */
import { type Ceiling, type Mode, mostPermissive, strictest } from "../domain/mode.ts";
import { stageMode } from "../domain/policy.ts";
import { type Guardrail, type GuardrailSubject, pass, type WeighedFinding } from "./guardrail.ts";

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

/** Of those that permit the most; what the plan was made for says best why it is asked about. */
function telling({ findings, plannedFor }: GuardrailSubject): WeighedFinding | undefined {
  const permitted = mostPermissive(...findings.map(({ mode }) => mode));
  const best = findings.filter(({ mode }) => mode === permitted);
  return best.find(({ finding }) => plannedFor.includes(finding.id)) ?? best[0];
}

function limits(subject: GuardrailSubject): string {
  const { policy, stage } = subject;
  const best = telling(subject);
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
