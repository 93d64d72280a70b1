/**
 * A dry run: everything is read as for a run, each step says exactly what it would send, and the stage ends. Nothing is written to
 * the tenant, nobody is paged, no place in the blast radius is used, and no later evidence makes more of it.
 */
import type { Outcome } from "../../domain/outcome.ts";
import type { PlannedStep } from "../../domain/plan.ts";
import { isoAt } from "../../ports/clock.ts";
import { rememberKind } from "../incident/known-kind.ts";
import { askEvidence, type EarlyReads, judgeStage } from "../judge/judge-stage.ts";
import {
  currentStage,
  done,
  endedNow,
  lookAgain,
  moveStage,
  type Next,
  putStage,
  type StageContext,
  stageMessage,
  tellOfStage,
} from "../judge/stage-context.ts";
import { describeRequest } from "../people/decisions/preview.ts";
import { publishedAgainMs, putDue, wake } from "../rows/due.ts";
import { historyMs } from "../rows/expiry.ts";
import { nameOf } from "../rows/notices.ts";
import { Draft } from "../rows/partition.ts";
import { type IndexedStep, stagesOf, stepsOf } from "../rows/plans.ts";
import { newStep, rowKey, type StepRow } from "../rows/rows.ts";
import { completeFacts } from "../snapshot/complete-facts.ts";
import { whyPassedOver } from "../snapshot/permissions.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { type PreparedAny, prepareAny } from "../undo/prepare-revert.ts";

/** About ten minutes of a Graph that does not answer; then it says what is known. */
const triesAtMost = 12;
const longestWaitMs = 60_000;

export async function dryRun(context: StageContext, reading: Promise<EarlyReads>): Promise<Next> {
  const early = await reading;
  const { retries } = currentStage(context);
  if (early.facts.retryAfterMs !== null && retries < triesAtMost) {
    await moveStage(context, { retries: retries + 1 });
    return lookAgain(context, Math.max(early.facts.retryAfterMs, Math.min(longestWaitMs, 1_000 * 2 ** retries)));
  }
  const reasons = await whatARunWouldMeet(context, early);
  const rows: StepRow[] = [];
  const steps = stepsOf(context.stored.plan, context.stage);
  for (const one of steps) rows.push(await shown(context, one, early.facts));
  return end(context, early.facts, reasons, steps, rows);
}

/** An undo is asked about nothing: a person wanted it by name. */
async function whatARunWouldMeet(context: StageContext, early: EarlyReads): Promise<readonly string[]> {
  if (context.stage === "undo") return [];
  const steps = stepsOf(context.stored.plan, context.stage).map(({ step }) => step);
  const { services } = context.writer;
  const facts = context.stage === "contain" ? early.facts : await completeFacts(services, early.facts, steps);
  const { judgement } = await judgeStage(context, { ...early, facts }, askEvidence(context));
  return judgement.reasons;
}

async function shown(context: StageContext, { step }: IndexedStep, facts: Facts): Promise<StepRow> {
  const { clock } = context.writer.services;
  const prepared = await preparedFor(context, step, facts);
  const outcome: Outcome = { ...said(prepared), at: isoAt(clock.now()), requestIds: [] };
  if (prepared.state !== "ready") return { ...newStep, outcome };
  const { requests, touches, missing = [] } = prepared;
  return { ...newStep, outcome, requests: requests.map(describeRequest), touches: [...touches], missing: [...missing] };
}

async function preparedFor(context: StageContext, step: PlannedStep, facts: Facts): Promise<PreparedAny> {
  if (facts.retryAfterMs !== null) {
    const reason = `Graph did not answer: ${facts.unread.join(", ")}`;
    return { state: "unknown", reason, retryable: false, retryAfterMs: null };
  }
  const lacks = whyPassedOver(step, facts.kind, await context.writer.services.tenant.whoAmI());
  return lacks === null ? prepareAny(context, facts, step) : { state: "not-applicable", reason: lacks };
}

function said(prepared: PreparedAny): Pick<Outcome, "status" | "reason"> {
  switch (prepared.state) {
    case "ready":
      return { status: "would-apply", reason: "a dry run: this would be sent, and was not" };
    case "in-place":
      return { status: "already-in-place", reason: "it is so already: nothing would be sent" };
    case "not-applicable":
      return { status: "skipped", reason: prepared.reason };
    case "conflict":
      return { status: "blocked", reason: `conflict: ${prepared.reason}` };
    case "lagging":
    case "unknown":
      return { status: "deferred", reason: `what it would send is not known: ${prepared.reason}` };
  }
}

/** One commit, and the next stage after it: of a dry run nothing has to be approved in between. */
async function end(
  context: StageContext,
  facts: Facts,
  reasons: readonly string[],
  steps: readonly IndexedStep[],
  rows: readonly StepRow[],
): Promise<Next> {
  const { services } = context.writer;
  const { plan } = context.stored;
  const now = services.clock.now();
  const draft = new Draft(context.partition);
  rememberKind(draft, facts);
  putStage(context, draft, { status: "done", reasons: [...reasons], mode: "observe", ...endedNow(context) });
  for (const [i, { index }] of steps.entries()) draft.put(rowKey.step(plan.id, index), rows[i], now + historyMs);
  const requests = rows.flatMap((row) => row.requests);
  tellOfStage(context, draft, {
    event: "stage.observed",
    about: ["dry run"],
    message: `A dry run of ${plan.playbook} (${context.stage}), as ${plan.requestedBy} asked, would send ${requests.length} requests and sent none: ${nameOf(facts.identity, facts.servicePrincipal?.displayName ?? null)}`,
    data: { stage: context.stage, reasons, dryRun: true, requests },
  });
  const stages = stagesOf(plan);
  const next = stages[stages.indexOf(context.stage) + 1];
  const messages = next === undefined ? [] : [stageMessage(context, next, false)];
  const wakeUps = await Promise.all(messages.map((message) => putDue(services, message, now + publishedAgainMs)));
  if (!(await draft.commit(services.stores.identities))) return lookAgain(context);
  await wake(services, wakeUps);
  return done;
}
