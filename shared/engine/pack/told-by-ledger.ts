/** What the ledger says of plans and steps, held against the rows: whoever edits a row would have to rewrite the chain as well. */
import { z } from "zod";
import { personKey, samePerson } from "../../domain/approval.ts";
import type { EvidencePlan, EvidenceStep } from "../../domain/evidence-pack.ts";
import type { LedgerEntry } from "../../domain/ledger.ts";
import { OutcomeStatus } from "../../domain/outcome.ts";
import { StageName } from "../../domain/plan.ts";
import type { Partition } from "../rows/partition.ts";
import { rowKey } from "../rows/rows.ts";
import type { PackProblem } from "./sound-rows.ts";

const PlanMade = z.object({ planId: z.string(), hash: z.string() });
const DecisionGiven = z.object({ planId: z.string(), stage: StageName });
const CalledOff = z.object({ request: z.literal("cancel"), planId: z.string() });
const StepEnded = z.object({
  planId: z.string(),
  index: z.int(),
  status: OutcomeStatus,
  reason: z.string(),
  requestIds: z.array(z.string()),
});

/** Every end of every step, each with Graph's request ids: one that was taken back has two. */
export function withEndings(plans: readonly EvidencePlan[], entries: readonly LedgerEntry[]): readonly EvidencePlan[] {
  const told = entries.filter(({ event }) => event === "step.ended").flatMap(endingIn);
  return plans.map((plan) => ({
    ...plan,
    stages: plan.stages.map((stage) => ({
      ...stage,
      steps: stage.steps.map((step) => ({
        ...step,
        endings: told.filter((one) => one.planId === plan.id && one.index === step.index).map(({ ending }) => ending),
      })),
    })),
  }));
}

function endingIn({ seq, at, data }: LedgerEntry) {
  const ended = StepEnded.safeParse(data).data;
  if (ended === undefined) return [];
  const { planId, index, status, reason, requestIds } = ended;
  return [{ planId, index, ending: { seq, at, status, reason, requestIds } }];
}

/** `plans`: with their endings. */
export function againstLedger(plans: readonly EvidencePlan[], entries: readonly LedgerEntry[]): readonly PackProblem[] {
  const made = entries
    .filter(({ event }) => event === "plan.made")
    .flatMap(({ seq, data }) => {
      const plan = PlanMade.safeParse(data).data;
      return plan === undefined ? [] : [{ seq, ...plan }];
    });
  return made.flatMap(({ seq, planId, hash }) => {
    const plan = plans.find(({ id }) => id === planId);
    const where = rowKey.plan(planId);
    if (plan === undefined)
      return [{ where, what: `entry ${seq} of the ledger says that it was made, and the row is gone` }];
    if (plan.hash !== hash)
      return [{ where, what: `it is not the plan that entry ${seq} of the ledger says was made` }];
    return plan.stages.flatMap(({ steps }) => steps.flatMap((step) => contradicted(planId, step)));
  });
}

const lasting: readonly unknown[] = ["applied", "reverted"];

function contradicted(planId: string, { index, outcome, endings }: EvidenceStep): readonly PackProblem[] {
  const last = endings.at(-1);
  const told = last?.status ?? null;
  if (told === outcome || !(lasting.includes(told) || lasting.includes(outcome))) return [];
  const ledger = last === undefined ? "says nothing of it" : `says ${last.status} (entry ${last.seq})`;
  return [{ where: rowKey.step(planId, index), what: `the row says ${outcome ?? "not run"}, the ledger ${ledger}` }];
}

/** Whoever deletes a decision's row does not delete the word: the ledger still says who gave it. */
export function lostDecisions(plans: readonly EvidencePlan[], entries: readonly LedgerEntry[]): readonly PackProblem[] {
  const words = entries.flatMap((entry) => {
    const given = entry.event === "decision.given" ? DecisionGiven.safeParse(entry.data).data : undefined;
    return given === undefined ? [] : [{ ...entry, given }];
  });
  // deciding again replaces one's own row: the last word is the one that is there
  const last = new Map(
    words.map((word) => [[word.given.planId, word.given.stage, personKey(word.by)].join("|"), word]),
  );
  return [...last.values()].flatMap(({ seq, by, at, given }) => {
    const plan = plans.find(({ id }) => id === given.planId);
    if (plan === undefined) return [];
    const rows = plan.stages.find(({ stage }) => stage === given.stage)?.approvals ?? [];
    if (rows.some((row) => row.by !== null && samePerson(row.by, by) && row.at === at)) return [];
    const what = `${JSON.stringify(by)} decided it (entry ${seq} of the ledger), and the row is gone or says something else`;
    return [{ where: rowKey.approval(given.planId, given.stage), what }];
  });
}

/** The same of a plan that was called off. */
export function lostCancellations(partition: Partition, entries: readonly LedgerEntry[]): readonly PackProblem[] {
  return entries.flatMap(({ seq, event, by, data }) => {
    const planId = event === "request.signed" ? CalledOff.safeParse(data).data?.planId : undefined;
    if (planId === undefined || partition.rows.has(rowKey.cancellation(planId))) return [];
    const what = `${JSON.stringify(by)} called it off (entry ${seq} of the ledger), and the row is gone`;
    return [{ where: rowKey.cancellation(planId), what }];
  });
}
