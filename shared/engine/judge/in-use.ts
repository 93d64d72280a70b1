/** Somebody uses it again, or needs it: what was to retire it is called off. That is an answer, and nothing that went wrong. */
import type { GuardrailSubject } from "../../guardrails/guardrail.ts";
import { retireActOf } from "../unused/begin/retire-caps.ts";
import type { Next, StageContext } from "./stage-context.ts";
import { endStage } from "./stage-outcomes.ts";

/** Pure. Null: nothing says so. One word that it is used outweighs what else the plan stands on. */
export function whyInUse(subject: GuardrailSubject): string | null {
  const { begun, facts, findings, stage } = subject;
  if (stage !== "retire") return null;
  const gone = findings.find(({ withdrawn }) => withdrawn);
  if (gone !== undefined) return gone.because ?? "it is used, or somebody needs it";
  const isOn = facts.servicePrincipal?.accountEnabled === true;
  return isOn && !begun && retireActOf(subject) === "deleted" ? "somebody enabled it again" : null;
}

export function endInUse(context: StageContext, why: string): Promise<Next> {
  const reasons = [`in-use: ${why}`];
  const quiet = { event: "stage.cancelled", severity: "low", urgency: "chat" } as const;
  return endStage(context, { status: "cancelled", reasons }, quiet);
}
