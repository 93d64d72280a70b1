/**
 * Makes what is planned fit what Graph says the identity is: plans of playbooks that are not for this kind are cancelled before
 * they begin, and those that waited for somebody to look are made. One commit, so that no finding is ever without both.
 */
import type { Finding } from "../../domain/finding.ts";
import { Incident } from "../../domain/incident.ts";
import { hasEnded, type Plan } from "../../domain/plan.ts";
import { fits, type Playbook } from "../../playbooks/playbook.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { playbooks } from "../registry.ts";
import { publishedAgainMs, putDue, wake } from "../rows/due.ts";
import { historyMs } from "../rows/expiry.ts";
import { nameOf, tell } from "../rows/notices.ts";
import { Draft, type Partition, read, readAll } from "../rows/partition.ts";
import { plansOf, stageRow, stagesOf } from "../rows/plans.ts";
import { FindingRow, IdentityRecord, rowKey } from "../rows/rows.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { choosePlaybooks, playbooksThatWait } from "./choose-playbooks.ts";
import { draftPlans, dueOf, recordPlans } from "./draft-plans.ts";
import { knownKind, rememberKind } from "./known-kind.ts";

/** `nothing`: all fits, and nothing was written. `conflict`: somebody else changed the rows. */
export type Adopted = "nothing" | "changed" | "conflict";

export async function adoptKind(services: Services, partition: Partition, facts: Facts): Promise<Adopted> {
  const { clock, stores } = services;
  const incident = openIncident(partition);
  if (incident === null || facts.kind === "unknown") return "nothing";
  const plans = plansOf(partition, incident.id);
  const misfits = plans.filter((plan) => isMisfit(partition, plan, facts));
  const missing = unplanned(partition, incident, plans, misfits, facts);
  if (misfits.length === 0 && missing.length === 0) return "nothing";
  const now = clock.now();
  const draft = new Draft(partition);
  rememberKind(draft, facts);
  const instead = missing.flatMap(({ chosen }) => chosen.map(({ id }) => id));
  for (const plan of misfits) cancel(draft, plan, { facts, instead, now });
  const made: Plan[] = [];
  for (const { finding, chosen } of missing) {
    const numbered = { ...incident, nextOrdinal: incident.nextOrdinal + made.length };
    made.push(...(await draftPlans(services, draft, numbered, finding, chosen, now)));
  }
  recordPlans(draft, made);
  const next = { ...incident, nextOrdinal: incident.nextOrdinal + made.length };
  draft.put(rowKey.incident(incident.id), next, now + historyMs);
  const due = made.flatMap((plan) => dueOf(partition.key, plan, now));
  const wakeUps = await Promise.all(
    due.map(({ message, at }) => putDue(services, message, at ?? now + publishedAgainMs)),
  );
  if (!(await draft.commit(stores.identities))) return "conflict";
  await wake(
    services,
    wakeUps.filter((_, i) => due[i]?.at === null),
  );
  return "changed";
}

export function openIncident(partition: Partition): Incident | null {
  const record = read(partition, rowKey.identity, IdentityRecord);
  return record?.openIncidentId == null ? null : read(partition, rowKey.incident(record.openIncidentId), Incident);
}

/** What has begun to write goes on: its kind was looked at when it began. */
function isMisfit(partition: Partition, plan: Plan, { kind }: Facts): boolean {
  const playbook = playbooks.get(plan.playbook);
  if (playbook === undefined || fits(playbook, kind)) return false;
  const states = stagesOf(plan).map((stage) => stageRow(partition, plan.id, stage).status);
  return states.some((status) => !hasEnded(status)) && !states.includes("running") && !states.includes("done");
}

interface Unplanned {
  readonly finding: Finding;
  readonly chosen: readonly Playbook[];
}

/** Findings whose right playbook had to wait for the kind. A person's request is planned when its signature is read, not here. */
function unplanned(
  partition: Partition,
  incident: Incident,
  plans: readonly Plan[],
  misfits: readonly Plan[],
  { kind }: Facts,
): readonly Unplanned[] {
  return findingsOf(partition, incident).flatMap((finding) => {
    const hasPlan = ({ id }: Playbook) =>
      plans.some((plan) => plan.playbook === id && plan.findingIds.includes(finding.id) && !misfits.includes(plan));
    const waiting = playbooksThatWait(finding);
    const chosen = choosePlaybooks(finding, kind).filter((one) => waiting.includes(one) && !hasPlan(one));
    return chosen.length === 0 ? [] : [{ finding, chosen }];
  });
}

/** In an order of their own, so that the same findings make the same plans. */
function findingsOf(partition: Partition, incident: Incident): readonly Finding[] {
  return readAll(partition, "finding|", FindingRow)
    .filter(({ value: { incidentId, finding } }) => incidentId === incident.id && finding.details.about !== "manual")
    .map(({ value }) => value.finding);
}

/** Does something of the open incident wait for somebody to look what kind of identity it is? */
export function waitsForKind(partition: Partition): boolean {
  const incident = openIncident(partition);
  if (incident === null || knownKind(partition) !== null) return false;
  const plans = plansOf(partition, incident.id);
  return findingsOf(partition, incident).some((finding) => {
    const waiting = playbooksThatWait(finding).map(({ id }) => id);
    return (
      waiting.length > 0 &&
      !plans.some((plan) => waiting.includes(plan.playbook) && plan.findingIds.includes(finding.id))
    );
  });
}

interface Misfit {
  readonly facts: Facts;
  /** ids of the playbooks that are planned in its stead */
  readonly instead: readonly string[];
  readonly now: number;
}

function cancel(draft: Draft, plan: Plan, { facts, instead, now }: Misfit): void {
  const reason = `${plan.playbook} is not for a ${facts.kind} identity, which is what Graph says it is`;
  for (const stage of stagesOf(plan)) {
    const row = stageRow(draft.partition, plan.id, stage);
    if (hasEnded(row.status)) continue;
    const ended = { ...row, status: "cancelled" as const, reasons: [reason], endedAt: isoAt(now) };
    draft.put(rowKey.stage(plan.id, stage), ended, now + historyMs);
  }
  const { identity, incidentId } = plan;
  const message = `Cancelled before it began: ${nameOf(facts.identity, facts.servicePrincipal?.displayName ?? null)}: ${reason}; ${instead.length === 0 ? "nothing is planned instead" : `planned instead: ${[...new Set(instead)].join(", ")}`}`;
  const told = { event: "plan.cancelled", about: [plan.id], severity: "medium", urgency: "chat" } as const;
  tell(draft, { ...told, message, identity, incidentId, planId: plan.id }, now);
}
