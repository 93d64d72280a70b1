/** `npm run tq -- …`: Tourniquet from the command line, as a client of its HTTP API. */
import { createInterface } from "node:readline/promises";
import { describeError, RetryableError, TerminalError } from "../shared/domain/errors.ts";
import { endWithReader } from "./broken-pipe.ts";
import { printable } from "./text/printable.ts";
import { Refused } from "./tq/call.ts";
import type { Command } from "./tq/command.ts";
import { connectionOf } from "./tq/connection.ts";
import { deadLettersList, deadLettersReplay, deadLettersShow } from "./tq/dead-letters.ts";
import { runsApprove, runsDeny } from "./tq/decide.ts";
import { groupsApprove, groupsList, groupsShow } from "./tq/groups.ts";
import { health } from "./tq/health.ts";
import { identitiesShow } from "./tq/identities.ts";
import { incidentsDismiss, incidentsEvidence, incidentsList, incidentsShow } from "./tq/incidents.ts";
import { protectAdd, protectList, protectRemove } from "./tq/protect.ts";
import { readArgs } from "./tq/read-args.ts";
import { runsCancel, runsList, runsRevert, runsShow } from "./tq/runs.ts";
import { killSwitchOff, killSwitchOn, settingsMode, settingsShow } from "./tq/settings.ts";
import { playbooks, requestsShow, runsStart } from "./tq/start.ts";
import { noSuchGroup, usage, wrongUse } from "./tq/usage.ts";

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

async function askAtTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

/** Answers the exit code. */
async function main(): Promise<number> {
  const { values, words: all } = readArgs(process.argv.slice(2));
  if (values.help || all.length === 0) {
    console.log(usage);
    return 0;
  }
  const { command, name, words } = find(all);
  const answer = await command({
    connection: connectionOf(values.url, process.env),
    ...{ name, words, values },
    say: (line) => console.error(line),
    ask: process.stdin.isTTY === true ? askAtTerminal : null,
  });
  console.log(values.json ? JSON.stringify(answer.data, null, 2) : answer.text);
  return answer.failed === true ? 1 : 0;
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

endWithReader();
main()
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    const [code, message] = failure(error);
    console.error(message.split("\n").map(printable).join("\n"));
    process.exitCode = code;
  });
