/** `kill-switch on|off`: stops every write but the undo of our own disables. */
import type { PersonsWord, TableServices } from "../../shared/engine/people/decide-by-person.ts";
import { switchOff, switchOn } from "../../shared/engine/people/throw-kill-switch.ts";
import { wrongUse } from "./usage.ts";

/** Throws TerminalError when `hours` is no number, or more than the policy lets a switch last. */
export async function killSwitch(
  services: TableServices,
  command: string,
  hours: string | undefined,
  word: () => PersonsWord,
): Promise<string> {
  if (command === "off") {
    await switchOff(services, word());
    return "The kill switch is off; what it held goes on within a minute.";
  }
  if (command !== "on") throw wrongUse(`kill-switch ${command}: it is \`on\` or \`off\``, "kill-switch");
  if (hours === undefined)
    throw wrongUse("--hours is missing: how long the switch is to be on, for example --hours 2", "kill-switch on");
  const { until } = await switchOn(services, Number(hours), word());
  return `The kill switch is on until ${until}; nothing but the undo of our own disables is written.`;
}
