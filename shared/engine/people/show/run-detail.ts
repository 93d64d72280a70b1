/** Everything about one plan, from the rows alone: the evidence, every request, what people said, and what still works. */
import { ApprovalCard } from "../../../domain/card.ts";
import type { Finding } from "../../../domain/finding.ts";
import type { Verification } from "../../../domain/outcome.ts";
import type { StageName } from "../../../domain/plan.ts";
import { knownKind } from "../../incident/known-kind.ts";
import { type Related, relatedIncidents } from "../../incident/links.ts";
import { evidenceFor } from "../../incident/plan-findings.ts";
import { stageRow, stagesOf } from "../../rows/plans.ts";
import { readLedger } from "../../rows/read-ledger.ts";
import { seenOf } from "../decisions/shown-stage.ts";
import type { TableServices } from "../find-plan.ts";
import { type Change, type ResidualAccess, residualAccess } from "../report/residual-access.ts";
import { decisionsOn, type ShownDecision } from "./decisions.ts";
import type { ShownPlan } from "./plan-in.ts";
import { type ShownStep, shownSteps } from "./run-steps.ts";
import { type RunSummary, runSummary, type StageSummary } from "./run-summary.ts";

interface ShownStage extends Omit<StageSummary, "verification"> {
  readonly attempts: number;
  readonly verification: Verification | null;
  readonly steps: readonly ShownStep[];
  readonly decisions: readonly ShownDecision[];
  /** so many different people must approve */
  readonly people: number;
  /** so many are missing, of a stage that waits */
  readonly missing: number;
  /** hash of what would be sent, for the decision; null: it does not wait */
  readonly seen: string | null;
  /** what is shown to whoever decides; null: it does not wait, or nobody was told yet */
  readonly card: ApprovalCard | null;
}

export interface RunDetail extends Omit<RunSummary, "stages"> {
  readonly notBefore: string;
  /** of whoever asked; null: the evidence alone called for it */
  readonly reason: string | null;
  readonly findings: readonly ShownFinding[];
  readonly stages: readonly ShownStage[];
  readonly residualAccess: readonly ResidualAccess[];
  readonly related: readonly Related[];
}

export interface ShownFinding {
  readonly id: string;
  readonly detection: string;
  readonly severity: Finding["severity"];
  readonly title: string;
  readonly category: string;
  readonly recordId: string;
  readonly activityAt: string;
  readonly receivedAt: string;
  readonly actorId: string | null;
}

export async function runDetail(services: TableServices, shown: ShownPlan): Promise<RunDetail> {
  const { partition, plan } = shown;
  const own = evidenceFor(partition, plan);
  const asked = own.map(({ details }) => details).find((details) => details.about === "manual");
  const stages = await Promise.all(stagesOf(plan).map((stage) => shownStage(services, shown, stage)));
  return {
    ...runSummary(shown),
    notBefore: plan.notBefore,
    reason: asked?.reason ?? null,
    findings: own.map(shownFinding),
    stages,
    residualAccess: residualAccess(knownKind(partition)?.kind ?? "unknown", stages.flatMap(changesOf)),
    related: await relatedIncidents(services.stores, partition, plan.incidentId),
  };
}

export function shownFinding({ id, detection, severity, title, warrant, receivedAt, actorId }: Finding): ShownFinding {
  const { category, recordId, activityAt } = warrant;
  return { id, detection, severity, title, category, recordId, activityAt, receivedAt, actorId };
}

async function shownStage(services: TableServices, shown: ShownPlan, stage: StageName): Promise<ShownStage> {
  const { partition, plan, stored } = shown;
  const row = stageRow(partition, plan.id, stage);
  const { status, reasons, attempts, people, verification } = row;
  const { askedAt, expiresAt, decidedBy, startedAt, endedAt } = row;
  const decisions = stored === null ? [] : await decisionsOn(services, partition, stored, stage);
  const approved = decisions.filter(({ decision, whyNot }) => decision === "approve" && whyNot === null);
  const waits = status === "waiting" && stored !== null;
  return {
    ...{ stage, status, reasons, attempts, people, verification, askedAt, expiresAt, decidedBy, startedAt, endedAt },
    decisions,
    missing: waits ? Math.max(0, people - approved.length) : 0,
    seen: waits ? seenOf(partition, stored, stage) : null,
    card: waits ? await newestCard(services, shown, stage) : null,
    steps: await shownSteps(services.signer, partition, plan, stage),
  };
}

/** As people were told last. Null: nobody was. */
async function newestCard(
  services: TableServices,
  { partition, plan }: ShownPlan,
  stage: StageName,
): Promise<ApprovalCard | null> {
  const { entries } = await readLedger(services, partition.key, plan.incidentId);
  const cards = entries.toReversed().flatMap(({ data }) => ApprovalCard.safeParse(data.card).data ?? []);
  return cards.find((card) => card.planId === plan.id && card.stage === stage) ?? null;
}

/** What holds now, whoever did it. */
function changesOf({ steps }: ShownStage): readonly Change[] {
  return steps.flatMap(({ action, outcome }) => {
    const isHeld = outcome?.status === "applied" || outcome?.status === "already-in-place";
    return isHeld ? [{ action, at: Date.parse(outcome.at) }] : [];
  });
}
