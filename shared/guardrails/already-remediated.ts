/** A leak whose credentials are all gone is over: somebody rotated them, and there is nothing left to stop. */
import { type Guardrail, pass } from "./guardrail.ts";

export const alreadyRemediated: Guardrail = {
  id: "already-remediated",
  title: "Keeps a late report of a leak from stopping an identity whose leaked credentials are gone.",
  check({ findings }) {
    if (findings.length === 0 || !findings.every(({ remediated, withdrawn }) => remediated === true || withdrawn))
      return pass;
    if (!findings.some(({ remediated }) => remediated === true)) return pass;
    return {
      verdict: "refuse",
      reason: "every leaked credential is gone and none was added since",
    };
  },
};
