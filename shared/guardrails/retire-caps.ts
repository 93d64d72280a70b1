/** So many a day, and no more: what goes wrong in retiring is seen while there is little of it. What is above waits, and asks nobody. */
import { dayMs } from "../domain/day.ts";
import { type Guardrail, pass } from "./guardrail.ts";

export const retireCaps: Guardrail = {
  id: "retire-caps",
  title: "Keeps a wrong idea of what is unused from costing more than a day's share of identities.",
  check({ stage, reservation, now }) {
    if (stage !== "retire" || reservation === null || reservation.reserved) return pass;
    const reason = `the day's share is used up: ${reservation.held}`;
    return { verdict: "wait", reason, until: reservation.freeAt ?? now + dayMs };
  },
};
