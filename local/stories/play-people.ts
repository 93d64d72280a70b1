// People of a story at their terminals: they ask for playbooks and decide plans.
import type { Tenant } from "./cast.ts";
import { isAbout, says } from "./notice.ts";
import { decideAsPerson, startAsPerson } from "./person.ts";
import type { Recorder } from "./recorder.ts";
import type { Doing } from "./story-steps.ts";
import type { System } from "./system.ts";
import type { Tell } from "./timeline.ts";
import { memberOf } from "./verdict.ts";

interface Peopled {
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
  tell({ ...about, text: `${as} decides: ${decision} ${stage} of plan ${planId}, because "${reason}"` });
  const at = Date.now();
  const answer = await decideAsPerson({ decision, planId, stage, as, reason }, system.env);
  if (answer.ok) recorder.decisions.push({ identity: member.name, decision: word, planId, at });
  tell({ ...about, what: answer.ok ? "person" : "trouble", text: `tq: ${answer.said}` });
}

export async function start({ system, tell, tenant }: Peopled, step: Doing<"start">): Promise<void> {
  const { playbook, as, reason } = step;
  const { id, name } = memberOf(tenant, step.identity);
  const about = { what: "person", who: name } as const;
  tell({ ...about, text: `${as} asks for ${playbook}, because "${reason}"` });
  const answer = await startAsPerson({ playbook, identity: id, as, reason }, system.env);
  tell({ ...about, what: answer.ok ? "person" : "trouble", text: `tq: ${answer.said}` });
}
