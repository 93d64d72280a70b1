/** What a person asked for goes no further than they asked, and nothing that one person asked for runs on that person's word alone. */
import { type Guardrail, pass } from "./guardrail.ts";

export const askedMode: Guardrail = {
  id: "asked-mode",
  title: "Keeps a dry run from being written, and what one person asked for from running without another.",
  check({ askedMode: mode }) {
    if (mode === null) return pass;
    return mode === "observe"
      ? { verdict: "observe", reason: "a dry run was asked for: nothing of it is written" }
      : { verdict: "ask", reason: "a person asked for it, and somebody else decides" };
  },
};
