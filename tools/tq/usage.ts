/** What `tq` can be told, and what it answers when it is told something else: what is wrong, and how that command is written. */
import { TerminalError } from "../../shared/domain/errors.ts";

export const usage = `Usage: npm run tq -- <group> <command>

  runs list                                      plans, newest first
  runs show PLAN                                 one plan: why, exactly what was or will be sent, what is verified
  runs start   PLAYBOOK --identity appId:GUID|OBJECTID --as NAME --reason TEXT
                                                 asks for a playbook by hand; somebody else approves its plan
  runs approve PLAN --stage STAGE --as NAME --reason TEXT
  runs deny    PLAN --stage STAGE --as NAME --reason TEXT
  runs revert  PLAN [--step N] --as NAME --reason TEXT
                                                 takes back what a plan did, or one step of it; that a disable of ours
                                                 is taken back works while the kill switch is on
  runs revert  PLAN [--step N] --dry-run         says what would be taken back, and what never comes back

  groups list                                    what the blast radius holds back, frozen as one list
  groups show GROUP                              the list: every plan, its hash, exactly what would be sent
  groups approve GROUP --as NAME --reason TEXT   approves what is on the list and nothing else
  kill-switch on --hours N --as NAME --reason TEXT
  kill-switch off --as NAME --reason TEXT
  protect list
  protect add ID --how never|ask --as NAME --reason TEXT
  protect remove ID --as NAME --reason TEXT

  playbooks                                      those that \`runs start\` takes

  --stage   contain or eradicate
  --as      who you are; it is signed with the decision, and who asked for a plan cannot approve it
  --step    one step, as "runs show" numbers them; without it the whole plan
  --json    machine-readable

It needs the app's own settings: State (or State__tableServiceUri), TOURNIQUET_POLICY_FILE, TOURNIQUET_SIGNING_KEY_FILE.`;

const groups = ["runs", "groups", "kill-switch", "protect", "playbooks"];

/** `command`: as typed, `runs approve`; of what exists only its own lines are shown. */
export function wrongUse(problem: string, command: string): TerminalError {
  const lines = [...linesOf(command), ...(linesOf(command).length === 0 ? linesOf(command.split(" ")[0] ?? "") : [])];
  const hint = "`npm run tq -- --help` says everything";
  return new TerminalError([problem, ...lines, hint].join("\n"), { code: "usage" });
}

export function noSuchGroup(group: string): TerminalError {
  return wrongUse(`${group}: there is no such command; there are ${groups.join(", ")}`, group);
}

/** Those that begin with the words, and the lines that belong to them. */
function linesOf(words: string): readonly string[] {
  const entries = usage.split(/\n {2}(?=\S)/).slice(1);
  return entries
    .filter((entry) => entry.replace(/ +/g, " ").startsWith(`${words} `))
    .map((entry) => `  ${(entry.split("\n\n")[0] ?? "").trimEnd()}`);
}
