/**
 * The risk was dismissed or remediated. That closes an incident which is about nothing else, once Graph shows no live risk and its
 * own copy of the audit record says that a person did it who is no actor of the incident. A dismissal by a workload, or by an actor
 * of the incident, is part of the attack: it closes nothing, and people hear of it loudly.
 */
import type { DueMessage } from "../../domain/due.ts";
import type { Finding } from "../../domain/finding.ts";
import { hashId } from "../../domain/ids.ts";
import type { Services } from "../../ports/services.ts";
import { deferLook } from "../evidence/defer-look.ts";
import { evidenceFor } from "../evidence/evidence.ts";
import { ownSteps } from "../evidence/own-changes.ts";
import { ownConfirmationAt } from "../evidence/own-confirmation.ts";
import { done, isUnverified, type Next } from "../judge/stage-context.ts";
import { nameUnder, type Told, tell } from "../rows/notices.ts";
import { Draft, loadPartition, type Partition } from "../rows/partition.ts";
import { plansOf, stageRow, stagesOf } from "../rows/plans.ts";
import type { Writer } from "../run/writer.ts";
import { isBeingRetired } from "../unused/life/wake-retirement.ts";
import { closeOpen, type Open, openIn } from "./close-open.ts";
import { isHostileDismissal } from "./hostile-dismissal.ts";
import { findingsOf } from "./plan-findings.ts";

type ClearMessage = Extract<DueMessage, { kind: "clear" }>;

const workingAgainMs = 30_000;
const soonMs = 1_000;
/** What Entra says after our own dismissal comes within this; its clock may be a little behind ours. */
const echoMs = 24 * 3600_000;
const skewMs = 60_000;

/** Our own dismissal, which a person asked for, answers no alarm: its echo says nothing. */
export function isOwnDismissal(partition: Partition, { details, warrant }: Finding): boolean {
  if (details.about !== "risk-cleared") return false;
  const at = Date.parse(warrant.activityAt);
  return ownSteps(partition).some(({ step, row: { intendedAt } }) => {
    if (step.action !== "dismiss-risk" || intendedAt === null) return false;
    const sinceMs = at - Date.parse(intendedAt);
    return sinceMs > -skewMs && sinceMs < echoMs;
  });
}

export async function clearIncident(writer: Writer, { identity }: ClearMessage): Promise<Next> {
  const { services } = writer;
  const partition = await loadPartition(services.stores.identities, identity);
  const open = openIn(partition);
  if (open === null) return { ...done, partition };
  const clearings = clearingsOf(partition, open);
  if (clearings.length === 0) return { ...done, partition };
  const hostile = clearings.filter((one) => isHostileDismissal(one, partition, open.incident.id));
  if (hostile.length > 0 && !(await tellHostile(services, partition, open, hostile)))
    return { wakeAt: services.clock.now() + soonMs };
  const why = whyNotClosed(partition, open);
  if (why !== null || isBeingRetired(partition, open.incident.id)) return { ...done, partition };
  if (isWorking(partition, open)) return { wakeAt: services.clock.now() + workingAgainMs, partition };
  const answer = await closingWord(writer, partition, open, clearings, hostile);
  if (answer === null) return waitForWord(services, partition, open, clearings, hostile.length > 0);
  const isClosed = await closeOpen(services, partition, open, answer, { urgency: "chat" });
  return isClosed ? { ...done, partition } : { wakeAt: services.clock.now() + soonMs };
}

function isRisk({ details }: Finding): boolean {
  return details.about === "risk";
}

/** Later than all the risk that is known: what was raised since is not cleared. */
function clearingsOf(partition: Partition, { incident }: Open): readonly Finding[] {
  const findings = findingsOf(partition, incident.id);
  const raised = findings.filter(isRisk).map(({ warrant }) => Date.parse(warrant.raisedAt));
  const since = Math.max(Number.NEGATIVE_INFINITY, ...raised);
  return findings.filter(
    ({ details, warrant }) => details.about === "risk-cleared" && Date.parse(warrant.activityAt) >= since,
  );
}

/** Null: it is about risk alone. */
function whyNotClosed(partition: Partition, { incident }: Open): Finding | null {
  const beside = findingsOf(partition, incident.id).filter(
    (one) => !isRisk(one) && one.details.about !== "risk-cleared" && one.severity !== "informational",
  );
  return beside[0] ?? null;
}

/** A step is being run or verified: that comes to its end first. */
function isWorking(partition: Partition, { incident }: Open): boolean {
  return plansOf(partition, incident.id).some((plan) =>
    stagesOf(plan).some((stage) => {
      const row = stageRow(partition, plan.id, stage);
      return row.status === "running" || isUnverified(row) || (stage === "undo" && row.status === "pending");
    }),
  );
}

/** Why it may be closed; null: nobody whom that may be left to has said so, as far as Graph shows now. */
async function closingWord(
  writer: Writer,
  partition: Partition,
  { incident }: Open,
  clearings: readonly Finding[],
  hostile: readonly Finding[],
): Promise<string | null> {
  if (!(await isWithdrawnByGraph(writer, partition, incident.id))) return null;
  for (const one of clearings) {
    const { details, actorId, warrant } = one;
    if (details.about !== "risk-cleared") continue;
    if (details.by === "user" && actorId !== null && !hostile.includes(one)) {
      const { borneOut } = await evidenceFor(writer, one, null);
      if (borneOut === true) return `user ${actorId} dismissed the risk at ${warrant.activityAt}`;
    }
    if (details.by === null && isEntrasOwn(details) && hostile.length === 0)
      return `Entra itself ended the risk at ${warrant.activityAt} (${details.riskState}, ${details.riskDetail})`;
  }
  return null;
}

/** No person is needed for these: Entra's own judgement, and nobody can ask for it. */
function isEntrasOwn({ riskState, riskDetail }: { readonly riskState: string; readonly riskDetail: string }): boolean {
  return riskState.toLowerCase() === "remediated" || riskDetail.toLowerCase().startsWith("aiconfirmed");
}

/** Every risk of the incident, and there is one, is gone from Identity Protection's own list. Unknown is not gone. */
async function isWithdrawnByGraph(writer: Writer, partition: Partition, incidentId: string): Promise<boolean> {
  const ownAt = ownConfirmationAt(partition, incidentId);
  const risks = findingsOf(partition, incidentId).filter(isRisk);
  const evidence = await Promise.all(risks.map((one) => evidenceFor(writer, one, ownAt)));
  return evidence.length > 0 && evidence.every(({ withdrawn }) => withdrawn);
}

/** The audit record that names who did it may be later, and so may Graph's copies; what stays unknown is told, and stays open. */
async function waitForWord(
  services: Services,
  partition: Partition,
  open: Open,
  clearings: readonly Finding[],
  isTold: boolean,
): Promise<Next> {
  const wakeAt = deferLook(
    services,
    clearings.map(({ receivedAt }) => receivedAt),
  );
  if (wakeAt !== null) return { wakeAt, partition };
  const why = "the risk was cleared, and Graph does not bear out that a person did it, or shows live risk";
  const notice = { severity: "medium", urgency: "chat", why } as const;
  const isSaid = isTold || (await tellOpen(services, partition, open, clearings, notice));
  return isSaid ? { ...done, partition } : { wakeAt: services.clock.now() + soonMs };
}

function tellHostile(services: Services, partition: Partition, open: Open, hostile: readonly Finding[]) {
  const who = [...new Set(hostile.map(({ actorId }) => actorId ?? "a workload without an id"))].sort().join(", ");
  const why = `the risk was dismissed by ${who}, a workload or an actor of the incident, and that closes nothing`;
  return tellOpen(services, partition, open, hostile, { severity: "high", urgency: "page", why });
}

/** Once for these clearings. */
function tellOpen(
  services: Services,
  partition: Partition,
  { incident, record }: Open,
  clearings: readonly Finding[],
  { why, ...loudness }: Pick<Told, "severity" | "urgency"> & { readonly why: string },
): Promise<boolean> {
  // hashed: there may be many, and a row's key is short
  const key = `told|${hashId(incident.id, ...clearings.map(({ id }) => id))}`;
  if (partition.rows.has(key)) return Promise.resolve(true);
  const now = services.clock.now();
  const draft = new Draft(partition).put(key, { at: now }, now + echoMs * 30);
  tell(
    draft,
    {
      event: "incident.kept-open",
      about: [key],
      identity: incident.identity,
      incidentId: incident.id,
      message: `Stays open: ${nameUnder(partition.key, incident.identity, record.claimedName)}: ${why}`,
      data: { findingIds: clearings.map(({ id }) => id) },
      ...loudness,
    },
    now,
  );
  return draft.commit(services.stores.identities);
}
