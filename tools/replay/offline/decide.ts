/** One wake-up of one stage: decided as far as a replay can, kept in its row, and told to the tally. */
import type { DueMessage } from "../../../shared/domain/due.ts";
import { hasEnded, Plan, type StageName } from "../../../shared/domain/plan.ts";
import { burstBehind, tellBurst } from "../../../shared/engine/incident/actor-burst.ts";
import { findingsFor } from "../../../shared/engine/incident/plan-findings.ts";
import { judge } from "../../../shared/engine/judge/judge.ts";
import { fits, isFresh, isKept } from "../../../shared/engine/judge/reserve.ts";
import { historyMs } from "../../../shared/engine/rows/expiry.ts";
import { Draft, loadPartition, type Partition, read } from "../../../shared/engine/rows/partition.ts";
import { stageRow, stagesOf } from "../../../shared/engine/rows/plans.ts";
import { rowKey, SignedRow, type StageRow } from "../../../shared/engine/rows/rows.ts";
import { disables } from "../../../shared/guardrails/guardrail.ts";
import { isoAt } from "../../../shared/ports/clock.ts";
import type { Decision, Verdict } from "../report/decision.ts";
import { quietAt } from "./close.ts";
import type { Offline } from "./in-hand.ts";
import { judgeOffline, type OfflineJudgement, type StageInHand } from "./judge.ts";
import { protectingLines } from "./protecting-lines.ts";
import { adoptRecordedKind } from "./recorded-kind.ts";

type StageMessage = Extract<DueMessage, { kind: "stage" }>;

export async function decideOffline(offline: Offline, { identity, planId, stage }: StageMessage): Promise<void> {
  const { services } = offline;
  const load = () => loadPartition(services.stores.identities, identity);
  const found = await load();
  const { kind, changed } = await adoptRecordedKind(offline, found);
  const partition = changed ? await load() : found;
  const plan = planIn(partition, planId);
  if (plan === null || !mayBegin(partition, plan, stage)) return;
  const now = services.clock.now();
  const startsAt = Date.parse(plan.notBefore);
  if (startsAt > now) {
    services.stores.due.putAt({ kind: "stage", identity, planId, stage, verifies: false }, startsAt);
    return;
  }
  const findings = findingsFor(partition, plan);
  const burst = await burstBehind(offline.writer, findings, plan.identity);
  const hand: StageInHand = { plan, stage, findings, burst, kind };
  const judged = await withReservation(offline, hand, judgeOffline(services, hand));
  const decision = decisionOf(offline, hand, judged);
  await keep(offline, partition, plan, stage, decision);
  offline.tally.decided(plan.incidentId, `${planId}|${stage}`, decision);
  const cause = findings.find(({ actorId }) => actorId !== null && actorId === burst?.actorId);
  if (burst !== null && cause !== undefined) await tellBurst(offline.writer, burst, cause);
  const next = stagesOf(plan)[stagesOf(plan).indexOf(stage) + 1];
  if (decision.verdict === "run" && next !== undefined)
    await decideOffline(offline, { kind: "stage", identity, planId, stage: next, verifies: false });
}

function planIn(partition: Partition, planId: string): Plan | null {
  const row = read(partition, rowKey.plan(planId), SignedRow);
  return row === null ? null : (Plan.safeParse(JSON.parse(row.payload)).data ?? null);
}

/** Not over, not found to run already, and every stage before it would have run. */
function mayBegin(partition: Partition, plan: Plan, stage: StageName): boolean {
  const row = stageRow(partition, plan.id, stage);
  if (hasEnded(row.status) || wouldRun(row)) return false;
  const before = stagesOf(plan).slice(0, stagesOf(plan).indexOf(stage));
  return before.every((name) => wouldRun(stageRow(partition, plan.id, name)));
}

function wouldRun({ decidedBy }: StageRow): boolean {
  return decidedBy === "rule";
}

/** Only what would run without a person takes a place in the blast radius. */
async function withReservation(
  { services, summary }: Offline,
  { plan }: StageInHand,
  judged: OfflineJudgement,
): Promise<OfflineJudgement> {
  const { subject, judgement } = judged;
  if (judgement.verdict !== "pass" || !disables(subject)) return judged;
  const { policy, stores } = services;
  const kept = isKept(subject);
  const wanted = { planId: plan.id, playbook: plan.playbook, at: subject.now, fresh: !kept && isFresh(subject), kept };
  const { reserved, held } = await stores.reservations.reserve(policy.tenantId, wanted, (others) =>
    fits(wanted, others, policy, summary),
  );
  const reservation = { reserved, held: `${held.length} disabled without a person in the last 24 hours` };
  const capped = { ...subject, reservation };
  return { ...judged, subject: capped, judgement: judge(capped) };
}

const verdicts: Readonly<Record<OfflineJudgement["judgement"]["verdict"], Verdict>> = {
  pass: "run",
  // it would run, only later
  wait: "run",
  ask: "ask",
  // what stays unknown goes to a person at last
  defer: "ask",
  observe: "report",
  refuse: "refused",
};

function decisionOf({ services }: Offline, { plan, stage }: StageInHand, judged: OfflineJudgement): Decision {
  const { judgement, needsTenant } = judged;
  return {
    day: isoAt(services.clock.now()).slice(0, 10),
    playbook: plan.playbook,
    stage,
    verdict: verdicts[judgement.verdict],
    reasons: [...judgement.reasons, ...protectingLines(services.policy, plan.identity)],
    needsTenant,
  };
}

/** Stays open, as in observe mode, so that later findings do not plan the same again; what is refused has ended. */
async function keep(
  { services }: Offline,
  partition: Partition,
  plan: Plan,
  stage: StageName,
  { verdict, reasons }: Decision,
): Promise<void> {
  const at = isoAt(services.clock.now());
  const changes: Readonly<Record<Exclude<Verdict, "unknown">, Partial<StageRow>>> = {
    run: { status: "observed", decidedBy: "rule", startedAt: at },
    report: { status: "observed", askedAt: at },
    ask: { status: "waiting", askedAt: at },
    refused: { status: "blocked", endedAt: at },
  };
  if (verdict === "unknown") return;
  const expiresAt = services.clock.now() + historyMs;
  const draft = new Draft(partition);
  const row = { ...stageRow(partition, plan.id, stage), ...changes[verdict], reasons: [...reasons] };
  draft.put(rowKey.stage(plan.id, stage), row, expiresAt);
  for (const later of verdict === "refused" ? stagesOf(plan).slice(stagesOf(plan).indexOf(stage) + 1) : []) {
    const ended = { ...stageRow(partition, plan.id, later), status: "cancelled" as const, endedAt: at };
    draft.put(rowKey.stage(plan.id, later), ended, expiresAt);
  }
  await draft.commit(services.stores.identities);
  services.stores.due.putAt({ kind: "close", identity: partition.key }, quietAt(services));
}
