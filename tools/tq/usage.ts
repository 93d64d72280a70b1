/** What `tq` can be told, and what it answers when it is told something else: what is wrong, and how that command is written. */
import { TerminalError } from "../../shared/domain/errors.ts";

export const usage = `Usage: npm run tq -- <group> <command> [--url URL] [--json]

  runs list [--status STATUS] [--identity ID] [--incident INCIDENT] [--playbook PLAYBOOK]
                                                 plans, newest first
  runs show PLAN                                 one plan: why, exactly what was or will be sent, what is verified
  runs start PLAYBOOK --identity ID --reason TEXT [--parameters JSON] [--dry-run] [--wait]
                                                 asks for a playbook by hand; somebody else approves its plan
  runs approve PLAN --reason TEXT [--stage STAGE] [--hash HASH] [--seen SEEN] [--yes] [--wait]
                                                 shows what would be sent, asks you, and approves exactly that
  runs deny PLAN --reason TEXT [--stage STAGE] [--hash HASH]
                                                 one denial ends the plan
  runs cancel PLAN --reason TEXT                 what has not begun never will; what runs ends before its next step
  runs revert PLAN [--step N] --reason TEXT      takes back what a plan did, or one step of it; works while the
                                                 kill switch is on
  runs revert PLAN [--step N] --dry-run          says what would be taken back, and what never comes back

  requests show REQUEST                          what became of a start

  incidents list [--status open|closed] [--severity SEVERITY] [--identity ID]
  incidents show INCIDENT                        its evidence, its plans, what happened, what waits for a person
  incidents evidence INCIDENT --out FILE         writes the signed pack (.json) or the page for people (.html)
  incidents dismiss INCIDENT --reason TEXT       closes it; what was done stays done

  identities show ID                             kind, footholds, what depends on it, protection, history

  groups list                                    what the blast radius holds back, frozen as one list
  groups show GROUP                              the list: every plan, its hash, exactly what would be sent
  groups approve GROUP --reason TEXT             approves what is on the list and nothing else

  settings show                                  kill switch, and how far each playbook may go
  settings mode PLAYBOOK observe|approve|enforce --reason TEXT
  settings mode PLAYBOOK --clear --reason TEXT   as the policy file says again

  kill-switch on --hours N --reason TEXT         nothing is changed any more, but what we disabled can be taken back
  kill-switch off --reason TEXT

  protect list
  protect add ID --how never|ask --reason TEXT
  protect remove ID --reason TEXT

  unused list [--use USE] [--state STATE] [--csv]
                                                 what nobody uses, the most privileged first; --csv: all of it, for a
                                                 spreadsheet
  unused show ID                                 why, how far its retirement is, who owns it, what people said
  unused scan [--wait]                           looks at once, without waiting for the night
  unused keep ID --reason TEXT                   it is needed: counts as a use; its owners may say so without a role
  unused hold ID --until WHEN --reason TEXT      leaves it alone until then, two years at most
  unused release ID --reason TEXT                ends a keep or a hold
  unused restore ID --reason TEXT [--wait]       brings back what was retired, and never retires it again by itself
  unused restore ID --dry-run                    says what would come back, and what never does

  dead-letters list [--replayed yes|no]          records that could not be read or resolved
  dead-letters show LETTER
  dead-letters replay LETTER                     takes the record again from where it lies in its hub

  playbooks                                      those that \`runs start\` takes
  health                                         is the app well: 0 when it is, else 1

  ID            appId:GUID, or the object id of a service principal or an application; names decide nothing
  --url         where the app is; else TOURNIQUET_URL
  --json        the answer of the API as it is
  --reason      why; it is signed with the decision
  --stage       contain, eradicate or retire; without it the one that waits
  --hash        decide only if the plan still has this hash, as \`runs show\` says it
  --seen        approve only if what would be sent is still this, as \`runs show\` says it; else as \`runs approve\` shows it
  --yes, -y     approve without being asked, in scripts
  --wait        follow until it ended or waits for somebody else
  --step        one step, as \`runs show\` numbers them from 1; without it the whole plan
  --use         unused, unknown or exempt
  --state       told, disabled, asking, deleted, gone, back or restored
  --until       a date (2027-03-31) or an instant, UTC
  --limit, --cursor   so many entries of a listing (50), and from where

Who you are: TOURNIQUET_TOKEN, else whoever is signed in with \`az login\` for TOURNIQUET_API_SCOPE.
\`health\` may need TOURNIQUET_FUNCTION_KEY, a function key of the app.

Ends with 0 when it is done, 1 when it was refused or failed, 2 for wrong use, 3 when the app cannot be reached or is
busy (try again), 4 when you are not signed in or may not do this.`;

const groups = [
  "runs",
  "requests",
  "incidents",
  "identities",
  "groups",
  "settings",
  "kill-switch",
  "protect",
  "unused",
  "dead-letters",
  "playbooks",
  "health",
];

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
  const [commands = ""] = usage.split("\n\n  ID ");
  const entries = commands.split(/\n {2}(?=\S)/).slice(1);
  return entries
    .filter((entry) => `${entry.replace(/ +/g, " ")} `.startsWith(`${words} `))
    .map((entry) => `  ${(entry.split("\n\n")[0] ?? "").trimEnd()}`);
}
