/** At most so many identities disabled in an hour and a day without a person; what is above waits. */
import { disables, type Guardrail, pass } from "./guardrail.ts";

export const blastRadius: Guardrail = {
  id: "blast-radius",
  title: "Keeps one bad hour from disabling more than one on-call can undo.",
  check(subject) {
    // what retires has caps of its own
    if (
      subject.stage === "retire" ||
      !disables(subject) ||
      subject.reservation === null ||
      subject.reservation.reserved
    )
      return pass;
    return { verdict: "ask", reason: `the blast radius is used up: ${subject.reservation.held}` };
  },
};
