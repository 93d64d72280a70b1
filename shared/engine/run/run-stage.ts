/**
 * One wake-up of one stage: whatever its state calls for now. Everything it learns lies in the partition, so a crash at any
 * point, or a second delivery, meets what the first one did.
 */
import type { DueMessage } from "../../domain/due.ts";
import { namesNobody, refOfKey } from "../../domain/identity.ts";
import { hasEnded } from "../../domain/plan.ts";
import { decideStage } from "../judge/decide-stage.ts";
import { type EarlyReads, readEarly } from "../judge/judge-stage.ts";
import { cancelStage, currentStage, done, isUnverified, type Next, type StageContext } from "../judge/stage-context.ts";
import { stuckStage } from "../judge/stage-trouble.ts";
import { isLockedByOther, lockedUntil } from "../rows/ledger.ts";
import { nameOf, tell } from "../rows/notices.ts";
import { Draft, loadPartition, type Partition } from "../rows/partition.ts";
import { readPlan, stageRow, stagesOf } from "../rows/plans.ts";
import { decideUndo } from "../undo/decide-undo.ts";
import { wakeRetirement } from "../unused/life/wake-retirement.ts";
import { endCalledOff } from "./called-off.ts";
import { dryRun } from "./dry-run.ts";
import { verifyStage } from "./verify-stage.ts";
import type { Writer } from "./writer.ts";

type StageMessage = Extract<DueMessage, { kind: "stage" }>;

/** Attempts are counted before work starts and forgotten after an orderly end: only crashes add up. */
const attemptsBeforeStuck = 5;

export async function runStage(writer: Writer, message: StageMessage, stopAt: number): Promise<Next> {
  const { services } = writer;
  const identity = refOfKey(message.identity);
  if (namesNobody(identity)) return done; // no plan is ever made there, and whoever can send to the hub may say so
  const readNow = () => readEarly(writer, identity, message.stage);
  const early = message.verifies ? null : readNow();
  early?.catch(() => undefined);
  const partition = await loadPartition(services.stores.identities, message.identity);
  const stored = await readPlan(partition, message.planId, services.signer);
  if (stored === null) return done;
  if (stored === "altered") return reportAltered(writer, message, partition);
  const context: StageContext = { writer, partition, stored, stage: message.stage, stopAt };
  const { incidentId, playbook } = stored.plan;
  const attributes = {
    "tourniquet.incident.id": incidentId,
    "tourniquet.plan.id": message.planId,
    "tourniquet.playbook": playbook,
    "tourniquet.stage": message.stage,
  };
  const next = await services.telemetry.span("tourniquet.stage", { incidentId, attributes }, () =>
    advance(context, () => early ?? readNow()),
  );
  if (!message.verifies && isOfRetirement(context)) await wakeRetirement(services, partition);
  return { ...next, partition };
}

/** What such a stage did, or will not do, moves a retirement on. */
function isOfRetirement(context: StageContext): boolean {
  const { stage } = context;
  return (stage === "retire" || stage === "undo") && hasEnded(currentStage(context).status);
}

/** What the stage's state calls for now. */
async function advance(context: StageContext, early: () => Promise<EarlyReads>): Promise<Next> {
  const { status, attempts } = currentStage(context);
  if (isUnverified(currentStage(context))) return verifyStage(context);
  if (hasEnded(status)) return done;
  const calledOff = await endCalledOff(context, early);
  if (calledOff !== null) return calledOff;
  const gate = await gateOf(context);
  if (gate !== null) return gate;
  if (attempts >= attemptsBeforeStuck) return stuckStage(context);
  if (context.stored.plan.mode === "observe") return dryRun(context, early());
  return context.stage === "undo" ? decideUndo(context, early()) : decideStage(context, early());
}

/** A plan we did not sign is nobody's order. Its row stays for the investigation, its wake-up goes, and a person is told. */
async function reportAltered(
  writer: Writer,
  { planId, identity, stage }: StageMessage,
  partition: Partition,
): Promise<Next> {
  const { clock, logger, stores } = writer.services;
  logger.error("A plan's signature does not hold; it was not run", { planId, identity });
  const draft = new Draft(partition);
  const ref = refOfKey(identity);
  tell(
    draft,
    {
      event: "plan.altered",
      about: [planId, stage],
      severity: "critical",
      urgency: "page",
      identity: ref,
      planId,
      message: `The row of plan ${planId} was altered after it was signed; it will not run, and somebody has write access to our tables: ${nameOf(ref, null)}`,
    },
    clock.now(),
  );
  return (await draft.commit(stores.identities)) ? { ...done, partition } : { wakeAt: clock.now() + 1_000 };
}

/** Not yet, or not any more: null when the stage may be decided now. */
async function gateOf(context: StageContext): Promise<Next | null> {
  const { writer, partition, stored, stage } = context;
  const now = writer.services.clock.now();
  const startsAt = Date.parse(stored.plan.notBefore);
  if (startsAt > now) return { wakeAt: startsAt };
  const before = stagesOf(stored.plan)
    .slice(0, stagesOf(stored.plan).indexOf(stage))
    .map((name) => stageRow(partition, stored.plan.id, name).status);
  if (before.some((status) => !hasEnded(status))) return done;
  if (before.some((status) => status !== "done"))
    return cancelStage(context, `the stage before it ended as ${before.join(", ")}`);
  if (isLockedByOther(partition, writer.services)) return { wakeAt: lockedUntil(partition) };
  return null;
}
