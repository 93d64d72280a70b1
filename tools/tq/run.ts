/** A command line of tq from its words to its exit code; what it is started in is given to it. */
import { describeError, RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import { printable } from "../text/printable.ts";
import { Refused } from "./call.ts";
import type { Command } from "./command.ts";
import { connectionOf } from "./connection.ts";
import { deadLettersList, deadLettersReplay, deadLettersShow } from "./dead-letters.ts";
import { runsApprove, runsDeny } from "./decide.ts";
import { groupsApprove, groupsList, groupsShow } from "./groups.ts";
import { health } from "./health.ts";
import { identitiesShow } from "./identities.ts";
import { incidentsDismiss, incidentsEvidence, incidentsList, incidentsShow } from "./incidents.ts";
import { protectAdd, protectList, protectRemove } from "./protect.ts";
import { readArgs } from "./read-args.ts";
import { runsCancel, runsList, runsRevert, runsShow } from "./runs.ts";
import { killSwitchOff, killSwitchOn, settingsMode, settingsShow } from "./settings.ts";
import { playbooks, requestsShow, runsStart } from "./start.ts";
import { unusedHold, unusedKeep, unusedList, unusedRelease, unusedRestore, unusedShow } from "./unused.ts";
import { unusedScan } from "./unused-scan.ts";
import { noSuchGroup, usage, wrongUse } from "./usage.ts";

/** A function: the group is the whole command. */
const commands: Readonly<Record<string, Command | Readonly<Record<string, Command>>>> = {
  runs: {
    list: runsList,
    show: runsShow,
    start: runsStart,
    approve: runsApprove,
    deny: runsDeny,
    cancel: runsCancel,
    revert: runsRevert,
  },
  requests: { show: requestsShow },
  incidents: {
    list: incidentsList,
    show: incidentsShow,
    evidence: incidentsEvidence,
    dismiss: incidentsDismiss,
  },
  identities: { show: identitiesShow },
  groups: { list: groupsList, show: groupsShow, approve: groupsApprove },
  settings: { show: settingsShow, mode: settingsMode },
  "kill-switch": { on: killSwitchOn, off: killSwitchOff },
  protect: { list: protectList, add: protectAdd, remove: protectRemove },
  unused: {
    list: unusedList,
    show: unusedShow,
    scan: unusedScan,
    keep: unusedKeep,
    hold: unusedHold,
    release: unusedRelease,
    restore: unusedRestore,
  },
  "dead-letters": { list: deadLettersList, show: deadLettersShow, replay: deadLettersReplay },
  playbooks,
  health,
};

interface Found {
  readonly command: Command;
  readonly name: string;
  readonly words: readonly string[];
}

function find(words: readonly string[]): Found {
  const [group = "", command, ...rest] = words;
  const of = Object.hasOwn(commands, group) ? commands[group] : undefined;
  if (of === undefined) throw noSuchGroup(group);
  if (typeof of === "function") return { command: of, name: group, words: words.slice(1) };
  if (command === undefined) throw wrongUse(`${group}: which command?`, group);
  const found = Object.hasOwn(of, command) ? of[command] : undefined;
  if (found === undefined) throw wrongUse(`${group} ${command}: there is no such command`, group);
  return { command: found, name: `${group} ${command}`, words: rest };
}

/** Where tq runs. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** the answer */
  out(text: string): void;
  /** everything beside it */
  err(text: string): void;
  /** null: nobody is there to be asked */
  readonly ask: ((question: string) => Promise<boolean>) | null;
  /** where a bar may move */
  readonly screen?: NodeJS.WriteStream;
}

/** Answers the exit code; never throws. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await answer(args, around);
  } catch (error) {
    const [code, message] = failure(error);
    around.err(message.split("\n").map(printable).join("\n"));
    return code;
  }
}

async function answer(args: readonly string[], { environment, out, err, ask, screen }: Surroundings): Promise<number> {
  const { values, words: all } = readArgs(args);
  if (values.help || all.length === 0) {
    out(usage);
    return 0;
  }
  const { command, name, words } = find(all);
  const connection = connectionOf(values.url, environment);
  const { data, text, failed } = await command({
    connection,
    name,
    words,
    values,
    say: err,
    ask,
    screen: screen ?? null,
  });
  out(values.json ? JSON.stringify(data, null, 2) : text);
  return failed === true ? 1 : 0;
}

/** What people read, and what scripts go by: 1 refused, 2 wrong use, 3 try again, 4 who. */
function failure(error: unknown): readonly [code: number, message: string] {
  if (error instanceof Refused) {
    if (error.status === 401 || error.status === 403) return [4, error.message];
    return [error.status === 400 ? 2 : 1, error.message];
  }
  if (error instanceof RetryableError) return [3, error.message];
  if (error instanceof TerminalError) {
    const codes: Readonly<Record<string, number>> = { usage: 2, "not-signed-in": 4 };
    return [codes[error.code] ?? 1, error.message];
  }
  // of parseArgs: an option it does not know, or one without its value
  if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")) {
    return [2, `${error.message.split(/\. |\.?\n/)[0]}; \`npm run tq -- --help\` says everything`];
  }
  return [1, describeError(error)];
}
