/** `settings show|mode` and `kill-switch on|off`: the document is read, changed in one place and written back as the version that was read. */
import type { z } from "zod";
import { getSettings, putSettings } from "../../shared/api/settings.ts";
import { Mode } from "../../shared/domain/mode.ts";
import { columns } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { call, Refused } from "./call.ts";
import { type Answer, type Command, type Context, reasonOf } from "./command.ts";
import { lasting, utc } from "./times.ts";
import { wrongUse } from "./usage.ts";

type Settings = z.output<(typeof getSettings)["answer"]["schema"]>;
type Wanted = Omit<z.input<(typeof putSettings)["body"]>, "reason">;

export const settingsShow: Command = async ({ connection }) => {
  const { body } = await call(connection, getSettings);
  return { data: body, text: showSettings(body) };
};

export const settingsMode: Command = async (context) => {
  const { name, values, words } = context;
  const [playbook, mode, ...others] = words;
  if (playbook === undefined || others.length > 0) throw wrongUse(`${name} needs one playbook and a mode`, name);
  const parsed = Mode.safeParse(mode);
  if (values.clear === (mode !== undefined) || (!values.clear && !parsed.success)) {
    throw wrongUse("say one mode (observe, approve or enforce), or --clear and none", name);
  }
  return change(context, (wanted) => {
    const { [playbook]: _, ...rest } = wanted.modes;
    return { ...wanted, modes: parsed.success ? { ...rest, [playbook]: parsed.data } : rest };
  });
};

export const killSwitchOn: Command = async (context) => {
  const hours = Number(context.values.hours ?? "");
  if (context.words.length > 0) throw wrongUse(`${context.name} takes options alone`, context.name);
  if (!(hours > 0)) {
    throw wrongUse(
      "--hours is missing: for how long, for example --hours 2; then it falls off by itself",
      context.name,
    );
  }
  return change(context, (wanted) => ({ ...wanted, killSwitch: { hours } }));
};

export const killSwitchOff: Command = (context) => change(context, (wanted) => ({ ...wanted, killSwitch: null }));

const mostTries = 3;

/** Somebody else's change of another line must not be lost, nor stand in the way of this one. */
async function change(context: Context, edit: (wanted: Wanted) => Wanted): Promise<Answer> {
  const { connection } = context;
  const reason = reasonOf(context);
  for (let tries = 1; ; tries += 1) {
    const { body: now, etag } = await call(connection, getSettings);
    const ifMatch = etag === null ? {} : { ifMatch: etag };
    try {
      const { body } = await call(connection, putSettings, { body: { ...edit(asWritten(now)), reason }, ...ifMatch });
      return { data: body, text: showSettings(body) };
    } catch (error) {
      if (!(error instanceof Refused && error.status === 412) || tries === mostTries) throw error;
    }
  }
}

/** What stands there, as it is written. */
function asWritten({ killSwitch, playbooks }: Settings): Wanted {
  const modes = playbooks.flatMap(({ id, set }) => (set === null ? [] : [[id, set.mode] as const]));
  return {
    killSwitch: killSwitch.set === null ? null : { until: killSwitch.set.until },
    modes: Object.fromEntries(modes),
  };
}

function showSettings({ trouble, killSwitch, policy, playbooks }: Settings): string {
  const rows = playbooks.map(({ id, set, effective }) => [
    id,
    effective.contain,
    effective.eradicate,
    effective.retire,
    set === null ? "-" : printable(`${set.mode} by ${set.by}, ${utc(set.at)}: ${JSON.stringify(set.reason)}`),
  ]);
  return [
    ...(trouble === null ? [] : [`The settings cannot be trusted, which stops everything: ${printable(trouble)}`]),
    sayKillSwitch(killSwitch),
    `The policy file says ${policy.mode}; at most ${policy.contain} for contain, ${policy.eradicate} for eradicate, ${policy.retire} for retire.`,
    "",
    columns([["PLAYBOOK", "CONTAIN", "ERADICATE", "RETIRE", "SET BY PEOPLE"], ...rows]),
    "",
    "In force everywhere within 30 s.",
  ].join("\n");
}

function sayKillSwitch({ on, set, secondsLeft, maxHours }: Settings["killSwitch"]): string {
  if (!on) return `Kill switch: off (at most ${maxHours} h at a time)`;
  if (set === null) return "Kill switch: ON, set by nobody";
  const left = secondsLeft === null ? "" : `, ${lasting(secondsLeft)} left`;
  return `Kill switch: ON until ${utc(set.until)} UTC${left}, by ${printable(set.by)}: ${JSON.stringify(set.reason)}`;
}
