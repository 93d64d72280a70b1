/** `runs approve|deny`: what is decided is what was seen, by the plan's hash. */
import type { z } from "zod";
import { approveRun, denyRun } from "../../shared/api/decisions.ts";
import { getRun } from "../../shared/api/show-runs.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { StageName } from "../../shared/domain/plan.ts";
import { printable } from "../text/printable.ts";
import { call } from "./call.ts";
import { type Answer, type Command, type Context, reasonOf } from "./command.ts";
import { follow, hasFailed } from "./follow.ts";
import { planIdOf } from "./runs.ts";
import { showCard } from "./show-card.ts";
import { showRun } from "./show-run.ts";
import { type Run, type Stage, statusInWords } from "./show-stage.ts";
import { utc } from "./times.ts";
import { wrongUse } from "./usage.ts";

type Decidable = Exclude<Stage["stage"], "undo">;

export const runsApprove: Command = async (context) => {
  const { id, reason, stage, run } = await asked(context);
  refuseUnasked(run, stage);
  if (!context.values.json) context.say(showCard(run, stage));
  if (!(await isSure(context, stage))) return { data: null, text: "Nothing was approved.", failed: true };
  const seen = context.values.seen ?? run.stages.find((one) => one.stage === stage)?.seen;
  const body = { stage, reason, planHash: hashOf(context, run), ...(seen == null ? {} : { seen }) };
  const { body: decided } = await call(context.connection, approveRun, { params: { id }, body });
  const text = `The ${stage} stage of ${id} is ${sayApproved(decided)}.`;
  if (!context.values.wait || decided.missing > 0) return { data: decided, text };
  context.say(text);
  const ended = await follow(context, id, stage);
  return { data: ended, text: showRun(ended), failed: hasFailed(ended, stage) };
};

export const runsDeny: Command = async (context): Promise<Answer> => {
  const { id, reason, stage, run } = await asked(context);
  const body = { stage, reason, planHash: hashOf(context, run) };
  const { body: decided } = await call(context.connection, denyRun, { params: { id }, body });
  return { data: decided, text: `The ${stage} stage of ${id} is denied by ${printable(decided.by)}.` };
};

async function asked(context: Context) {
  const [id, reason] = [planIdOf(context), reasonOf(context)];
  const wanted = wantedStage(context);
  const { body: run } = await call(context.connection, getRun, { params: { id } });
  return { id, reason, run, stage: wanted ?? theOneThatWaits(run) };
}

function wantedStage({ name, values: { stage } }: Context): Decidable | null {
  if (stage === undefined) return null;
  const parsed = StageName.exclude(["undo"]).safeParse(stage);
  if (parsed.success) return parsed.data;
  throw wrongUse(`--stage ${stage}: there is no such stage; it is contain, eradicate or retire`, name);
}

function theOneThatWaits({ id, stages }: Run): Decidable {
  for (const { stage, status } of stages) if (status === "waiting" && stage !== "undo") return stage;
  const stand = stages.map(({ stage, status }) => `${stage} is ${statusInWords(status)}`).join(", ");
  throw new TerminalError(`nothing of plan ${id} waits for a person: ${stand}`, { code: "not-waiting" });
}

/** There is nothing to be shown, and so nothing to be approved. */
function refuseUnasked({ id, stages }: Run, name: Decidable): void {
  const status = stages.find(({ stage }) => stage === name)?.status;
  if (status === "waiting") return;
  const why = status === undefined ? "has no such stage" : `does not wait for a person: it is ${statusInWords(status)}`;
  throw new TerminalError(`the ${name} stage of plan ${id} ${why}`, { code: "not-waiting" });
}

/** `--hash` pins what was seen earlier; the app refuses when the plan is another one by now. */
function hashOf({ values }: Context, { id, hash }: Run): string {
  const seen = values.hash ?? hash;
  if (seen !== null) return seen;
  throw new TerminalError(`plan ${id} was edited behind our back and will never run; there is nothing to decide`, {
    code: "plan-altered",
  });
}

async function isSure({ name, values, ask }: Context, stage: string): Promise<boolean> {
  if (values.yes) return true;
  if (ask !== null) return ask(`Approve the ${stage} stage, exactly this? [y/N] `);
  throw wrongUse("nobody is at a terminal to be asked: say --yes, and pin what was seen by --hash", name);
}

type Decided = z.output<(typeof approveRun)["answer"]["schema"]>;

function sayApproved({ by, people, approvedBy, missing, alone, expiresAt }: Decided): string {
  const flagged = alone ? "; you had asked for it yourself: that is flagged, and people are paged about it" : "";
  if (people < 2) return `approved by ${printable(by)}${flagged}`;
  const said = `approved by ${approvedBy.length} of ${people} people (${approvedBy.map(printable).join(", ")})${flagged}`;
  return missing > 0 ? `${said}; somebody else must approve it, too, until ${utc(expiresAt)} UTC` : said;
}
