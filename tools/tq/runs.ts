/** `runs list|show|cancel|revert`. */
import type { z } from "zod";
import { getRun, listRuns } from "../../shared/api/show-runs.ts";
import { cancelRun, revertRun } from "../../shared/api/stops.ts";
import { printable } from "../text/printable.ts";
import { call } from "./call.ts";
import { type Command, type Context, more, pageOf, reasonOf, wordOf } from "./command.ts";
import { showRun, tableOfRuns } from "./show-run.ts";
import { statusInWords } from "./show-stage.ts";
import { utc } from "./times.ts";
import { wrongUse } from "./usage.ts";

export function planIdOf(context: Context): string {
  return wordOf(context, "a plan id", "`runs list` shows them");
}

export const runsList: Command = async (context) => {
  const { identity, incident, playbook } = context.values;
  // the API's own word is accepted as well
  const status = context.values.status === "awaiting-approval" ? "waiting" : context.values.status;
  const query = { ...pageOf(context), status, identity, incident, playbook } as z.input<(typeof listRuns)["query"]>;
  const { body } = await call(context.connection, listRuns, { query });
  return { data: body, text: [...tableOfRuns(body), ...more(body)].join("\n") };
};

export const runsShow: Command = async (context) => {
  const { body } = await call(context.connection, getRun, { params: { id: planIdOf(context) } });
  return { data: body, text: showRun(body) };
};

export const runsCancel: Command = async (context) => {
  const [id, reason] = [planIdOf(context), reasonOf(context)];
  const { body } = await call(context.connection, cancelRun, { params: { id }, body: { reason } });
  const stages = body.stages.map(({ stage, status }) => `  - ${stage}, which was ${statusInWords(status)}`);
  const text = [
    `Plan ${body.planId} is called off by ${printable(body.by)} at ${utc(body.at)} UTC. These will not run, or not go on:`,
    ...stages,
    "What was done until then stays; `runs revert` takes it back.",
  ];
  return { data: body, text: text.join("\n") };
};

export const runsRevert: Command = async (context) => {
  const [id, dryRun] = [planIdOf(context), context.values["dry-run"]];
  const step = stepIndexOf(context);
  const reason = dryRun ? (context.values.reason ?? "a dry run") : reasonOf(context);
  const body = { reason, dryRun, ...(step === null ? {} : { step }) };
  const { body: answer } = await call(context.connection, revertRun, { params: { id }, body });
  return { data: answer, text: showRevert(id, answer) };
};

/** `--step`: as `runs show` numbers them, from 1. Answers the index; null: the whole plan. */
function stepIndexOf({ name, values: { step } }: Context): number | null {
  if (step === undefined) return null;
  if (/^[1-9]\d{0,2}$/.test(step)) return Number(step) - 1;
  throw wrongUse(`--step ${step}: give the number of one step, as \`runs show\` numbers them from 1`, name);
}

type Reverted = z.output<(typeof revertRun)["answer"]["schema"]>;

function showRevert(id: string, { planId, takes, lost, stays, cancels }: Reverted): string {
  return [
    `Of plan ${id} these are put back by their receipts, in this order, where nobody changed them since:`,
    ...takes.flatMap(({ index, action, at, requests }) => [
      `  - step ${index + 1}, ${action} of ${at === null ? "an unknown time" : utc(at)}; sent then:`,
      ...requests.map((request) => `      ${printable(request)}`),
    ]),
    ...list("What comes back without", lost),
    ...list("What cannot be taken back and stays", stays),
    ...list("Stages that will not run any more", cancels),
    planId === null
      ? "Nothing was signed: this was a dry run."
      : `It will be taken back by plan ${planId}, which the writer begins at once.`,
  ].join("\n");
}

function list(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  - ${printable(line)}`)];
}
