/** What was planned, decided and done: before and after of every step, and who approved. */
import type {
  EvidenceApproval,
  EvidencePack,
  EvidencePlan,
  EvidenceStage,
  EvidenceStep,
} from "../../../domain/evidence-pack.ts";
import { type Html, html, type Value } from "./html.ts";
import { facts, id, linesOf, table, timeOf } from "./parts.ts";

export function plans({ plans: all }: EvidencePack): Html {
  const shown = all.length === 0 ? html`<p>Nothing was planned.</p>` : all.map(planOf);
  return html`<section><h2>What was done</h2>${shown}</section>`;
}

function planOf(plan: EvidencePlan): Html {
  const warning = plan.signed
    ? null
    : html`<p class="alarm"><strong>Warning: this plan is not what we signed.</strong> Nothing in it is sure.</p>`;
  return html`<section><h3>Plan <span class="id">${plan.id}</span>: ${plan.playbook}</h3>
${warning}<p class="dim">Version ${plan.version}, made ${timeOf(plan.createdAt)}, asked for by ${plan.requestedBy}; hash ${id(plan.hash)}.</p>
${plan.stages.map(stageOf)}</section>`;
}

function stageOf(stage: EvidenceStage): Html {
  const times = [
    stage.startedAt === null ? null : `started ${timeOf(stage.startedAt)}`,
    stage.endedAt === null ? null : `ended ${timeOf(stage.endedAt)}`,
  ].filter((part) => part !== null);
  return html`<h4>Stage ${stage.stage}: ${stage.status}</h4>
<p>${[`Decided by ${stage.decidedBy ?? "nobody yet"}`, ...times].join(", ")}.${stage.reasons.length === 0 ? null : html` Because: ${stage.reasons.join("; ")}.`}</p>
<p>${readBack(stage)}</p>
${stage.steps.filter(hasBegun).map(stepOf)}
${restOf(stage.steps.filter((step) => !hasBegun(step)))}`;
}

function readBack({ verification }: EvidenceStage): string {
  if (verification === null) return "Nothing to read back.";
  const reads = verification.reads.map(({ at, agrees }) => `${timeOf(at)} ${agrees ? "agrees" : "is contrary"}`);
  const refused =
    verification.refusedSignInAt === null
      ? ""
      : ` A sign-in was refused as disabled at ${timeOf(verification.refusedSignInAt)}.`;
  return `Read back: ${verification.state} (${reads.join("; ") || "no read yet"}).${refused}`;
}

const acted: readonly unknown[] = ["applied", "already-in-place", "reverted", "failed", "skipped"];

function hasBegun({ intendedAt, outcome }: EvidenceStep): boolean {
  return intendedAt !== null || acted.includes(outcome);
}

/** What was planned and has not run: a line each. */
function restOf(steps: readonly EvidenceStep[]): Html | null {
  if (steps.length === 0) return null;
  const rows = steps.map(({ index, action, need, outcome, why, requests }) => [
    index + 1,
    html`${id(action)}
${need}${outcome === null ? null : `, ${outcome}`}`,
    why,
    lines(requests),
  ]);
  const columns = [
    { title: "Step", width: "w-seq" },
    { title: "Not run", width: "w-kind" },
    { title: "Why it is planned", width: "w-kind" },
    { title: "Would be sent" },
  ];
  return table(columns, rows, "");
}

function stepOf(step: EvidenceStep): Html {
  const receipt =
    step.receiptSigned === false
      ? html`<span class="mark">receipt not signed by us</span>
`
      : null;
  const before =
    step.before === null
      ? "nothing was kept, since nothing of ours was to be changed"
      : html`<pre>${linesOf(step.before)}</pre>`;
  return html`<div class="step"><h4>Step ${step.index + 1}: ${step.action} (${step.need}): ${step.outcome ?? "not run"}</h4>
${facts([
  ["Why", step.why],
  ["Takes back", step.undoes === null ? null : `step ${step.undoes.index + 1} of plan ${step.undoes.planId}`],
  ["Before", html`${receipt}${before}`],
  [step.intendedAt === null ? "Would be sent" : "Sent", lines(step.requests)],
  ["After", html`${endingsOf(step).map(endingOf)}`],
  ["Never comes back", step.neverBack.length === 0 ? null : step.neverBack.join("\n")],
])}</div>`;
}

type Ending = Omit<EvidenceStep["endings"][number], "seq">;

/** As the ledger tells it; else as the row does. */
function endingsOf({ endings, outcome, at, reason, requestIds }: EvidenceStep): readonly Ending[] {
  if (endings.length > 0) return endings;
  return outcome === null ? [] : [{ status: outcome, at: at ?? "", reason, requestIds }];
}

function endingOf({ status, at, reason, requestIds }: Ending): Html {
  const ids =
    requestIds.length === 0
      ? null
      : html`
Graph request ids: ${id(requestIds.join(", "))}`;
  return html`<div><b>${status}</b> at ${timeOf(at)}: ${reason}${ids}</div>`;
}

function lines(requests: readonly string[]): Value {
  return requests.length === 0 ? "not worked out" : html`<pre>${requests.join("\n")}</pre>`;
}

export function approvals({ plans: all }: EvidencePack): Html {
  const rows = all.flatMap((plan) =>
    plan.stages.flatMap((stage) => stage.approvals.map((approval) => rowOf(plan, stage, approval))),
  );
  return html`<section><h2>Who approved</h2>
${table(
  [{ title: "When", width: "w-time" }, { title: "Who" }, { title: "What" }, { title: "Reason" }],
  rows,
  "No person decided anything; what ran, ran by rule.",
)}</section>`;
}

function rowOf({ playbook }: EvidencePlan, { stage }: EvidenceStage, approval: EvidenceApproval): readonly Value[] {
  const { at, by, decision, reason, alone, group, invalid } = approval;
  const flags = [
    ...(alone ? ["alone: approved what they had asked for"] : []),
    ...(group === null ? [] : [`with a list of ${group.members} plans`]),
    ...(invalid === null ? [] : [`does not hold: ${invalid}`]),
  ];
  return [
    timeOf(at),
    by ?? "nobody can say",
    html`${decision ?? "unreadable"}: ${playbook}, ${stage}${flags.map(
      (flag) => html`
<span class="mark">${flag}</span>`,
    )}`,
    reason ?? "",
  ];
}
