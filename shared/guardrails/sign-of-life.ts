/** A refused sign-in may be the yearly job, or any stranger with the client id: what is still wanted is not deleted without a person. */
import { disables, type Guardrail, pass } from "./guardrail.ts";

export const signOfLife: Guardrail = {
  id: "sign-of-life",
  title: "Keeps what somebody tried to use since it was disabled from being deleted without a person.",
  check(subject) {
    const { stage, signOfLifeAt } = subject;
    if (stage !== "retire" || signOfLifeAt === null || disables(subject)) return pass;
    return { verdict: "ask", reason: `somebody tried to sign in as it at ${signOfLifeAt}, after it was disabled` };
  },
};
