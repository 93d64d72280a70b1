// People of a story at their terminals: they ask for playbooks and decide plans.
import { z } from "zod";
import type { Tenant } from "./cast.ts";
import { isAbout, says } from "./notice.ts";
import { type AtTerminal, type Decided, decideAsPerson, startAsPerson, tq } from "./person.ts";
import type { Recorder } from "./recorder.ts";
import type { Doing } from "./story-steps.ts";
import type { System } from "./system.ts";
import type { Tell } from "./timeline.ts";
import { memberOf } from "./verdict.ts";

export interface Peopled {
  readonly tenant: Tenant;
  readonly system: System;
  readonly recorder: Recorder;
  readonly tell: Tell;
}

/** Of several plans that wait, the newest that this person has not answered: nobody decides the same twice. */
export async function decide({ recorder, system, tell, tenant }: Peopled, step: Doing<"decide">): Promise<void> {
  const { decision, stage, as, reason } = step;
  const member = memberOf(tenant, step.identity);
  const event = decision === "revert" ? "stage.finished" : "stage.awaiting-approval";
  const word = `${as}: ${decision} ${stage}`;
  const answered = recorder.decisions.filter((one) => one.decision === word).map(({ planId }) => planId);
  const asked = recorder.notices.findLast(
    (notice) => isAbout(notice, member) && says(notice, event, stage) && !answered.includes(notice.planId ?? ""),
  );
  const about = { what: "person", who: member.name } as const;
  if (!asked?.planId) return tell({ ...about, text: `${as} finds nothing to ${decision}: no ${event} of ${stage}` });
  const { planId } = asked;
  const part = step.action === undefined ? stage : `the step ${step.action}`;
  tell({ ...about, text: `${as} decides: ${decision} ${part} of plan ${planId}, because "${reason}"` });
  const at = Date.now();
  const number =
    step.action === undefined ? undefined : await stepOf(planId, step.action, { url: system.host.url, as });
  if (number === null) return tell({ ...about, what: "trouble", text: `plan ${planId} has no step ${step.action}` });
  const answer = await decideAsPerson({ decision, planId, stage, step: number, as, reason }, system.host.url);
  if (answer.ok) recorder.decisions.push({ identity: member.name, decision: word, planId, at });
  sayDecided(tell, member.name, answer);
}

/** What `tq` printed, the first line of it; a refusal is told as trouble. */
export function sayDecided(tell: Tell, who: string | null, { ok, said }: Decided): void {
  tell({ who, what: ok ? "person" : "trouble", text: `tq: ${ok ? said.split("\n")[0] : said}` });
}

const Run = z.looseObject({
  stages: z.array(z.looseObject({ steps: z.array(z.looseObject({ index: z.int(), action: z.string() })) })),
});

/** As `runs show` numbers it, from 1; null: the plan has no such step. */
async function stepOf(planId: string, action: string, terminal: AtTerminal): Promise<number | null> {
  const shown = await tq(["runs", "show", planId, "--json"], terminal);
  if (!shown.ok) return null;
  const steps = Run.parse(JSON.parse(shown.said)).stages.flatMap((stage) => stage.steps);
  const found = steps.find((step) => step.action === action);
  return found === undefined ? null : found.index + 1;
}

export async function start({ system, tell, tenant }: Peopled, step: Doing<"start">): Promise<void> {
  const { playbook, as, reason } = step;
  const { id, name } = memberOf(tenant, step.identity);
  const about = { what: "person", who: name } as const;
  tell({ ...about, text: `${as} asks for ${playbook}, because "${reason}"` });
  const answer = await startAsPerson({ playbook, identity: id, as, reason }, system.host.url);
  sayDecided(tell, name, answer);
}
