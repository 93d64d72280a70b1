/** What a report says after something that nobody used was retired: no containment, and no attack, so it speaks of neither. */
import { disables } from "../../../guardrails/guardrail.ts";
import type { StageContext } from "../../judge/stage-context.ts";
import { nameOf } from "../../rows/notices.ts";
import { stepsOf } from "../../rows/plans.ts";
import type { Facts } from "../../snapshot/read-facts.ts";
import { retireActOf } from "../../unused/begin/retire-caps.ts";
import type { Report } from "./report.ts";
import { stepReports } from "./steps.ts";

export function retireReport(context: StageContext, facts: Facts): Report {
  const { plan } = context.stored;
  const steps = stepReports(context);
  const lost = steps.flatMap((step) => step.lost);
  const isOurs = steps.some(({ outcome }) => outcome === "applied");
  const who = nameOf(facts.identity, facts.servicePrincipal?.displayName ?? null);
  const back = isOurs
    ? `\`npm run tq -- runs revert ${plan.id} --reason TEXT\` brings it back${lost.length === 0 ? "" : `, but for ${lost.join("; ")}`}.`
    : "We changed nothing, so there is nothing of ours to take back.";
  return { sentences: [`${whatWasDone(context, isOurs)}: ${who}.`, back], residual: [], steps };
}

function whatWasDone({ stored, stage }: StageContext, isOurs: boolean): string {
  const steps = stepsOf(stored.plan, stage).map(({ step }) => step);
  const isDisable = disables({ steps });
  if (!isOurs) return isDisable ? "It was disabled already, and nobody used it" : "It was gone already";
  if (isDisable) return "Disabled because nobody used it; whoever misses it can have it back at once";
  return retireActOf({ steps }) === "deleted"
    ? "Deleted softly because nobody used it, nor missed it; it can be restored for 30 days"
    : "Removed one credential that is not used any more, which does not come back";
}
