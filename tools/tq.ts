/** `npm run tq -- runs …`: look at plans and decide them, on the tables, signed as a named person. */
import { parseArgs } from "node:util";
import { composeState } from "../shared/compose.ts";
import { readConfig } from "../shared/config/env.ts";
import { describeError, RetryableError, TerminalError } from "../shared/domain/errors.ts";
import { StageName } from "../shared/domain/plan.ts";
import { decideStage, type FoundPlan, findPlan, type TableServices } from "../shared/engine/people/decide-by-person.ts";
import { findGroup } from "../shared/engine/people/groups.ts";
import { listRuns, relatedRunOf } from "../shared/engine/people/list-runs.ts";
import { approvedSoFar } from "./tq/approved-so-far.ts";
import { groupsApprove, groupsList, showDecision, showGroup, showGroups } from "./tq/groups.ts";
import { killSwitch } from "./tq/kill-switch.ts";
import { protectChange, protectList, showProtections } from "./tq/protect.ts";
import { quietLogger } from "./tq/quiet-logger.ts";
import { revert, showRevert, stepIndexOf } from "./tq/revert.ts";
import { showRun, tableOfRuns } from "./tq/show-run.ts";
import { listPlaybooks, showPlaybooks, showStarted, start } from "./tq/start.ts";
import { noSuchGroup, usage, wrongUse } from "./tq/usage.ts";

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

function personOf({ as, reason }: Values, command: string): { readonly by: string; readonly reason: string } {
  if (as === undefined || as.trim() === "")
    throw wrongUse("--as is missing: say who you are, for example --as alice@contoso.example", command);
  if (reason === undefined || reason.trim() === "")
    throw wrongUse("--reason is missing: why you decide so; it is kept with the decision", command);
  return { by: as.trim(), reason: reason.trim() };
}

function stageOf({ stage }: Values, command: string): StageName {
  const parsed = StageName.exclude(["undo"]).safeParse(stage);
  if (parsed.success) return parsed.data;
  const problem = stage === undefined ? "--stage is missing" : `--stage ${stage}: there is no such stage`;
  throw wrongUse(`${problem}; it is contain or eradicate`, `runs ${command}`);
}

const onPlan = ["show", "approve", "deny", "revert"];

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
  if (!onPlan.includes(command)) throw wrongUse(`runs ${command}: there is no such command`, "runs");
  if (planId === undefined)
    throw wrongUse(`runs ${command} needs a plan id; \`runs list\` shows them`, `runs ${command}`);
  return runOnPlan(services, command, await findPlan(services, planId), values);
}

async function runOnPlan(services: TableServices, command: string, found: FoundPlan, values: Values): Promise<unknown> {
  const { plan } = found.stored;
  if (command === "show") {
    const one = await relatedRunOf(services, found.partition, plan);
    return values.json ? one : showRun(one);
  }
  if (command === "revert") {
    const person = values["dry-run"] ? null : personOf(values, "runs revert");
    const answer = await revert(services, found, stepIndexOf(values.step), person);
    return values.json ? answer : showRevert(answer);
  }
  const decision = command === "deny" ? "deny" : "approve";
  const word = personOf(values, `runs ${decision}`);
  const approval = await decideStage(services, found, stageOf(values, decision), decision, word);
  if (values.json) return approval;
  const said = decision === "approve" ? await approvedSoFar(services, found, approval) : `denied by ${approval.by}`;
  return `The ${approval.stage} stage of ${plan.id} is ${said}; the writer is woken within 10 s.`;
}

async function runStart(services: TableServices, playbook: string | undefined, values: Values): Promise<unknown> {
  if (playbook === undefined) throw wrongUse("runs start needs a playbook; `playbooks` shows them", "runs start");
  const started = await start(services, playbook, values.identity, personOf(values, "runs start"));
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
  if (command !== "show" && command !== "approve")
    throw wrongUse(`groups ${command}: there is no such command`, "groups");
  if (id === undefined)
    throw wrongUse(`groups ${command} needs a group id; \`groups list\` shows them`, `groups ${command}`);
  if (command === "show") {
    const group = await findGroup(services, id);
    return values.json ? group : showGroup(group);
  }
  const decided = await groupsApprove(services, id, personOf(values, "groups approve"));
  return values.json ? decided : showDecision(decided);
}

async function runOnProtections(
  services: TableServices,
  command: string,
  id: string | undefined,
  values: Values,
): Promise<unknown> {
  if (command !== "list")
    return protectChange(services, command, id, values.how, () => personOf(values, `protect ${command}`));
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
      return killSwitch(services, command, values.hours, () => personOf(values, `kill-switch ${command}`));
    case "protect":
      return runOnProtections(services, command, id, values);
    default:
      throw noSuchGroup(group);
  }
}

/** An id may begin with a dash (base64url), and no option is as long as one. */
function idsLast(args: readonly string[]): string[] {
  const isId = (arg: string) => /^-[\w-]{21}$/.test(arg);
  const ids = args.filter(isId);
  return ids.length === 0 ? [...args] : [...args.filter((arg) => !isId(arg)), "--", ...ids];
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ args: idsLast(process.argv.slice(2)), options, allowPositionals: true });
  const [group, command, planId] = positionals;
  if (values.help || group === undefined) {
    console.log(usage);
    return;
  }
  if (group === "playbooks") {
    console.log(values.json ? JSON.stringify(listPlaybooks(), null, 2) : showPlaybooks(listPlaybooks()));
    return;
  }
  if (!["runs", "groups", "kill-switch", "protect"].includes(group)) throw noSuchGroup(group);
  if (command === undefined) throw wrongUse(`${group}: which command?`, group);
  const services = await composeState(readConfig(), quietLogger);
  const answer = await answerTo(services, group, command, planId, values);
  console.log(typeof answer === "string" ? answer : JSON.stringify(answer, null, 2));
}

main().catch((error: unknown) => {
  // of parseArgs: an option it does not know, or one without its value
  const isMistyped = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  const isExpected = error instanceof TerminalError || error instanceof RetryableError;
  if (isMistyped) console.error(`${error.message.split(/\. |\.?\n/)[0]}; \`npm run tq -- --help\` says everything`);
  else console.error(isExpected ? error.message : describeError(error));
  process.exitCode = isMistyped || (error instanceof TerminalError && error.code === "usage") ? 2 : 1;
});
