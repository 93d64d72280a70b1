/** A person has stopped all writes. The undo of our own containment never comes here. */
import { type Guardrail, pass } from "./guardrail.ts";

export const killSwitch: Guardrail = {
  id: "kill-switch",
  title: "Keeps everything from being written while a person has the switch on.",
  check: ({ killSwitch: stopped }) =>
    stopped === null ? pass : { verdict: "observe", reason: `the kill switch is on: ${stopped.reason}` },
};
