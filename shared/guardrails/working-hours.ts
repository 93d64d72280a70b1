/** Nobody should miss an application on a Friday night: what retires happens while those who would miss it are at work. */
import { dayMs } from "../domain/day.ts";
import { isWorking, nextWorking } from "../domain/working-hours.ts";
import { type Guardrail, pass } from "./guardrail.ts";

export const workingHours: Guardrail = {
  id: "working-hours",
  title: "Keeps identities from being retired while those who would miss them are away.",
  check({ stage, begun, now, policy: { retire } }) {
    // half of it is worse than either
    if (stage !== "retire" || begun || isWorking(retire, now)) return pass;
    return {
      verdict: "wait",
      reason: "it is outside the policy's working hours",
      until: nextWorking(retire, now) ?? now + dayMs,
    };
  },
};
