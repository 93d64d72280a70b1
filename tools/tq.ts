/** `npm run tq -- runs …`: look at plans and decide them, on the tables, signed as a named person. */
import { parseArgs } from "node:util";
import { composeState } from "../shared/compose.ts";
import { readConfig } from "../shared/config/env.ts";
import { describeError, RetryableError, TerminalError } from "../shared/domain/errors.ts";
import { StageName } from "../shared/domain/plan.ts";
import { decideStage, findPlan, type TableServices } from "../shared/engine/decide-by-person.ts";
import { findGroup } from "../shared/engine/groups.ts";
import { listRuns, runOf } from "../shared/engine/list-runs.ts";
import { approvedSoFar } from "./tq/approved-so-far.ts";
import { groupsApprove, groupsList, showDecision, showGroup, showGroups } from "./tq/groups.ts";
import { killSwitch } from "./tq/kill-switch.ts";
import { protectChange, protectList, showProtections } from "./tq/protect.ts";
import { quietLogger } from "./tq/quiet-logger.ts";
import { revert, showRevert, stepIndexOf } from "./tq/revert.ts";
import { showRun, tableOfRuns } from "./tq/show-run.ts";
import { listPlaybooks, showPlaybooks, showStarted, start } from "./tq/start.ts";

const usage = `Usage: npm run tq -- <group> <command>

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

const options = {
  stage: { type: "string" },
  as: { type: "string" },
  reason: { type: "string" },
  identity: { type: "string" },
  step: { type: "string" },
  hours: { type: "string" },
  how: { type: "string" },
  "dry-run": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>["values"];

function wrongUse(problem: string): TerminalError {
  return new TerminalError(`${problem}\n\n${usage}`, { code: "usage" });
}

function personOf({ as, reason }: Values): { readonly by: string; readonly reason: string } {
  if (as === undefined || as.trim() === "")
    throw wrongUse("--as is missing: say who you are, for example --as alice@contoso.example");
  if (reason === undefined || reason.trim() === "") throw wrongUse("--reason is missing: it is kept with the decision");
  return { by: as.trim(), reason: reason.trim() };
}

function stageOf({ stage }: Values): StageName {
  const parsed = StageName.exclude(["undo"]).safeParse(stage);
  if (parsed.success) return parsed.data;
  throw wrongUse(stage === undefined ? "--stage is missing" : `--stage ${stage}: there is no such stage`);
}

async function run(
  services: TableServices,
  command: string,
  planId: string | undefined,
  values: Values,
): Promise<unknown> {
  if (command === "list") {
    const runs = await listRuns(services);
    return values.json ? runs : tableOfRuns(runs);
  }
  if (planId === undefined) throw wrongUse(`runs ${command} needs a plan id; \`runs list\` shows them`);
  const found = await findPlan(services, planId);
  switch (command) {
    case "show": {
      const one = runOf(found.partition, found.stored.plan);
      return values.json ? one : showRun(one);
    }
    case "approve":
    case "deny": {
      const approval = await decideStage(services, found, stageOf(values), command, personOf(values));
      const said =
        command === "approve" ? await approvedSoFar(services, found, approval.stage) : `denied by ${approval.by}`;
      return values.json
        ? approval
        : `The ${approval.stage} stage of ${planId} is ${said}; the writer is woken within 10 s.`;
    }
    case "revert": {
      const person = values["dry-run"] ? null : personOf(values);
      const answer = await revert(services, found, stepIndexOf(values.step), person);
      return values.json ? answer : showRevert(answer);
    }
    default:
      throw wrongUse(`runs ${command}: there is no such command`);
  }
}

async function runStart(services: TableServices, playbook: string | undefined, values: Values): Promise<unknown> {
  if (playbook === undefined) throw wrongUse("runs start needs a playbook; `playbooks` shows them");
  const started = await start(services, playbook, values.identity, personOf(values));
  return values.json ? started : showStarted(started);
}

async function runOnGroups(
  services: TableServices,
  command: string,
  id: string | undefined,
  values: Values,
): Promise<unknown> {
  if (command === "list") {
    const listed = await groupsList(services);
    return values.json ? listed : showGroups(listed);
  }
  if (id === undefined) throw wrongUse(`groups ${command} needs a group id; \`groups list\` shows them`);
  if (command === "show") {
    const group = await findGroup(services, id);
    return values.json ? group : showGroup(group);
  }
  if (command !== "approve") throw wrongUse(`groups ${command}: there is no such command`);
  const decided = await groupsApprove(services, id, personOf(values));
  return values.json ? decided : showDecision(decided, services);
}

async function runOnProtections(
  services: TableServices,
  command: string,
  id: string | undefined,
  values: Values,
): Promise<unknown> {
  if (command !== "list") return protectChange(services, command, id, values.how, personOf(values));
  const entries = await protectList(services);
  return values.json ? entries : showProtections(entries);
}

function answerTo(
  services: TableServices,
  group: string,
  command: string,
  id: string | undefined,
  values: Values,
): Promise<unknown> {
  switch (group) {
    case "runs":
      return command === "start" ? runStart(services, id, values) : run(services, command, id, values);
    case "groups":
      return runOnGroups(services, command, id, values);
    case "kill-switch":
      return killSwitch(services, command, values.hours, personOf(values));
    case "protect":
      return runOnProtections(services, command, id, values);
    default:
      throw wrongUse(`${group}: there is no such group of commands`);
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [group, command, planId] = positionals;
  if (values.help || group === undefined) {
    console.log(usage);
    return;
  }
  if (group === "playbooks") {
    console.log(values.json ? JSON.stringify(listPlaybooks(), null, 2) : showPlaybooks(listPlaybooks()));
    return;
  }
  if (command === undefined) throw wrongUse(`${group}: which command?`);
  const services = await composeState(readConfig(), quietLogger);
  const answer = await answerTo(services, group, command, planId, values);
  console.log(typeof answer === "string" ? answer : JSON.stringify(answer, null, 2));
}

main().catch((error: unknown) => {
  const isExpected =
    error instanceof TerminalError ||
    error instanceof RetryableError ||
    (error instanceof TypeError && "code" in error);
  console.error(isExpected ? error.message : describeError(error));
  process.exitCode = error instanceof TerminalError && error.code === "usage" ? 2 : 1;
});
