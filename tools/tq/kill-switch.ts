/** `kill-switch on|off`: stops every write but the undo of our own disables. */
import { changeSettings, readSettings, type WantedSettings } from "../../shared/engine/people/change-settings.ts";
import type { PersonsWord, TableServices } from "../../shared/engine/people/decide-by-person.ts";
import { wrongUse } from "./usage.ts";

/** Throws TerminalError when `hours` is no number, or more than the policy lets a switch last. */
export async function killSwitch(
  services: TableServices,
  command: string,
  hours: string | undefined,
  word: () => PersonsWord,
): Promise<string> {
  if (command === "off") {
    await set(services, null, word());
    return "The kill switch is off; what it held goes on within a minute.";
  }
  if (command !== "on") throw wrongUse(`kill-switch ${command}: it is \`on\` or \`off\``, "kill-switch");
  if (hours === undefined)
    throw wrongUse("--hours is missing: how long the switch is to be on, for example --hours 2", "kill-switch on");
  const until = await set(services, { hours: Number(hours) }, word());
  return `The kill switch is on until ${until}; nothing but the undo of our own disables is written.`;
}

/** Whoever has the tables and the key is an administrator. The modes stay as they are. */
async function set(services: TableServices, killSwitch: WantedSettings["killSwitch"], { by, reason }: PersonsWord) {
  const { settings, version } = await readSettings(services);
  const modes = Object.fromEntries(Object.entries(settings.modes).map(([id, { mode }]) => [id, mode]));
  const word = { by, reason, roles: ["Tourniquet.Admin"] } as const;
  const changed = await changeSettings(services, { killSwitch, modes }, word, version);
  return changed.settings.killSwitch?.until;
}
