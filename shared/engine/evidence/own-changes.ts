/** Our own changes in the rows of an identity: a disable that stands, and what we gave back and now see again as somebody's deed. */
import type { DetectionFacts } from "../../detections/detection.ts";
import type { Finding } from "../../domain/finding.ts";
import { keyOfRef } from "../../domain/identity.ts";
import { Incident } from "../../domain/incident.ts";
import type { Plan, PlannedStep } from "../../domain/plan.ts";
import { Retirement } from "../../domain/retirement.ts";
import type { StandingDisable } from "../../guardrails/guardrail.ts";
import type { Services } from "../../ports/services.ts";
import { loadPartition, type Partition, read, readAll } from "../rows/partition.ts";
import { plansOf, stageRow, stepRow } from "../rows/plans.ts";
import { IdentityRecord, rowKey, type StepRow } from "../rows/rows.ts";

const disables: ReadonlySet<string> = new Set(["disable-service-principal", "disable-agent"]);

const memoryMs = 30 * 24 * 3600_000;

/** Our clock and that of Entra may differ by this. */
const skewMs = 60_000;

export interface OwnStep {
  readonly plan: Plan;
  readonly index: number;
  readonly step: PlannedStep;
  readonly row: StepRow;
}

/** Epoch ms at which its own requests were over, whatever became of it since. */
export function endOf({ outcome, endedAt }: StepRow, now: number): number {
  const at = endedAt ?? outcome?.at;
  return at === undefined ? now : Date.parse(at);
}

/** Every step of every plan that lies there. */
export function ownSteps(partition: Partition): readonly OwnStep[] {
  const incidents = readAll(partition, "incident|", Incident);
  return incidents
    .flatMap(({ value }) => plansOf(partition, value.id))
    .flatMap((plan) =>
      plan.steps.map((step, index) => ({ plan, index, step, row: stepRow(partition, plan.id, index) })),
    );
}

/**
 * The newest disable of ours that was applied and that none of our undos has touched, of any incident, closed ones included. What was
 * disabled because nobody used it is not contained: whoever enables that is right.
 */
export function containmentOf(partition: Partition): NonNullable<DetectionFacts["containment"]> | null {
  return containments(partition)[0] ?? null;
}

/** The newest disable of what nobody used that still stands; null: there is none. */
export function retiredDisableOf(partition: Partition): { readonly planId: string; readonly appliedAt: string } | null {
  return standingDisables(partition).find(({ retires }) => retires) ?? null;
}

/** ISO 8601 UTC of the newest sign-in that was refused because we had disabled what nobody used; null: none is known. */
export function signOfLifeIn(partition: Partition): string | null {
  const disabledAt = retiredDisableOf(partition)?.appliedAt;
  if (disabledAt === undefined) return null;
  const refused = read(partition, rowKey.identity, IdentityRecord)?.refusedSignInAt ?? null;
  const told = read(partition, rowKey.retirement, Retirement)?.signOfLifeAt ?? null;
  const later = [refused, told].filter((at) => at !== null).filter((at) => Date.parse(at) > Date.parse(disabledAt));
  return later.toSorted().at(-1) ?? null;
}

/**
 * The plan of an open incident that holds it disabled, whoever had disabled it first; null: none does. Taking a retirement back must not
 * enable what is contained.
 */
export function containedBy(partition: Partition): Plan | null {
  const open = readAll(partition, "incident|", Incident).filter(({ value }) => value.status === "open");
  const plans = open.flatMap(({ value }) => plansOf(partition, value.id));
  const holds = (plan: Plan) =>
    stageRow(partition, plan.id, "contain").status === "done" &&
    plan.steps.some(({ action, stage, undoes }, index) => {
      const status = stepRow(partition, plan.id, index).outcome?.status;
      const isDone = status === "applied" || status === "already-in-place";
      return undoes === null && stage === "contain" && disables.has(action) && isDone;
    });
  return plans.findLast(holds) ?? null;
}

/** The same as the guardrails see it: not of the plan in hand, and of the last 30 days. */
export function standingDisable(partition: Partition, planId: string, now: number): StandingDisable | null {
  const recent = containments(partition).filter(({ appliedAt }) => now - Date.parse(appliedAt) < memoryMs);
  const [newest] = recent.filter((one) => one.planId !== planId);
  if (newest === undefined) return null;
  return { appliedAt: newest.appliedAt, automatic: recent.filter(({ byRule }) => byRule).length };
}

function containments(partition: Partition) {
  return standingDisables(partition).filter(({ retires }) => !retires);
}

/** The newest first. */
function standingDisables(partition: Partition) {
  const steps = ownSteps(partition);
  const undone = new Set(
    steps.flatMap(({ step, row }) =>
      step.undoes !== null && row.intendedAt !== null ? [`${step.undoes.planId} ${step.undoes.index}`] : [],
    ),
  );
  const standing = steps.flatMap(({ plan, index, step, row: { outcome } }) =>
    // an undo names the action that it takes back
    step.undoes === null &&
    disables.has(step.action) &&
    outcome?.status === "applied" &&
    !undone.has(`${plan.id} ${index}`)
      ? [
          {
            planId: plan.id,
            appliedAt: outcome.at,
            retires: step.stage === "retire",
            byRule: stageRow(partition, plan.id, step.stage).decidedBy === "rule",
          },
        ]
      : [],
  );
  return standing.toSorted((a, b) => (a.appliedAt < b.appliedAt ? 1 : -1));
}

/** What of ours looks like this besides an undo: owners go, objects are deleted, and a disabled one is made. */
const ownDeeds: ReadonlySet<About> = new Set(["owner-removed", "deleted", "created", "short-lived"]);
type About = Finding["details"]["about"];

/**
 * Giving back what we took away (a permission, an owner, a federated credential) looks in the audit log like somebody giving it
 * anew. It is ours when our service principal did it while an undo of ours, or a step that does such a thing, was at it; anything
 * less certain stays a finding.
 */
export async function isOwnDeed(services: Services, partition: Partition, finding: Finding): Promise<boolean> {
  const { actorId, warrant, details } = finding;
  if (warrant.category !== "AuditLogs" || actorId === null) return false;
  if ((await services.tenant.whoAmI())?.servicePrincipalId !== actorId) return false;
  const at = Date.parse(warrant.activityAt);
  const isOurs = ({ step, row }: OwnStep) => {
    if ((step.undoes === null && !ownDeeds.has(details.about)) || row.intendedAt === null) return false;
    return at > Date.parse(row.intendedAt) - skewMs && at < endOf(row, services.clock.now()) + skewMs;
  };
  return ownSteps(partition).some(isOurs) || (await stepsOnOther(services, finding)).some(isOurs);
}

/** A change of two: the step lies with the other one. */
async function stepsOnOther({ stores }: Services, { details, subject }: Finding): Promise<readonly OwnStep[]> {
  const id = otherIn(details);
  const other = id === null ? null : await stores.aliases.get(subject.tenantId, id);
  const key = other === null ? null : keyOfRef(other);
  return key === null ? [] : ownSteps(await loadPartition(stores.identities, key));
}

function otherIn(details: Finding["details"]): string | null {
  if (details.about === "owner-removed" || details.about === "owner-added") return details.ownerId;
  // what a restored API gives back to its clients
  if (details.about === "app-role-granted" || details.about === "delegated-grant-added") return details.resourceId;
  if (details.about !== "privilege-granted") return null;
  return details.grantee.servicePrincipalId ?? details.grantee.applicationObjectId;
}
