/**
 * Files a finding with its identity: one open incident, the plans its playbooks call for, and the wake-ups, as one
 * transaction. Used by ingest, and by the writer once an unresolved finding has its identity.
 */
import type { DueMessage } from "../../domain/due.ts";
import { RetryableError } from "../../domain/errors.ts";
import { type Finding, highestSeverity } from "../../domain/finding.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import { Incident } from "../../domain/incident.ts";
import { hasEnded, type Plan } from "../../domain/plan.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { isOwnDeed } from "../evidence/own-changes.ts";
import { isEnoughTold } from "../ingest/enough-told.ts";
import { publishedAgainMs, putDue, type WakeUp, wake } from "../rows/due.ts";
import { historyMs } from "../rows/expiry.ts";
import { Draft, loadPartition, type Partition, read } from "../rows/partition.ts";
import { plansOf, stageRow, stagesOf } from "../rows/plans.ts";
import { type FindingRow, IdentityRecord, rowKey } from "../rows/rows.ts";
import { choosePlaybooks, mustLook } from "./choose-playbooks.ts";
import { isOwnDismissal } from "./clear-incident.ts";
import { openIn } from "./close-open.ts";
import { type DueSoon, draftPlans, dueOf, recordPlans } from "./draft-plans.ts";
import { knownKind } from "./known-kind.ts";
import { noteLinks } from "./links.ts";
import { asNewEvidence } from "./new-evidence.ts";
import { noteActor } from "./note-actor.ts";
import { recordRequest } from "./record-request.ts";
import { tellOfFinding } from "./tell-of-finding.ts";
import { traceFiling } from "./trace-filing.ts";

export type Filed = "opened" | "attached" | "duplicate";

/** Losing this many races in a row means something is wrong; the trigger's retry comes back. */
const maxRaces = 8;

/** What else is to be true at once with the finding: rows of the same commit, and what is due for them. */
export interface Alongside {
  readonly due: readonly DueSoon[];
  add(draft: Draft, incident: Incident, plans: readonly Plan[], now: number): void;
}

export async function fileFinding(
  services: Services,
  key: IdentityKey,
  finding: Finding,
  alongside: Alongside | null = null,
): Promise<Filed> {
  for (let race = 0; race < maxRaces; race++) {
    const partition = await loadPartition(services.stores.identities, key);
    const fresh = asNewEvidence(partition, finding);
    if (fresh === null || isBesideThePoint(partition, fresh) || (await isOwnDeed(services, partition, fresh))) {
      await wake(services, neverStarted(partition, services.clock.now()));
      return "duplicate";
    }
    if (race === 0) await Promise.all([noteActor(services, finding), noteLinks(services, key, finding)]);
    const filing = await draftFiling(services, partition, fresh, alongside);
    const wakeAt = services.clock.now() + publishedAgainMs;
    const wakeUps = await Promise.all(filing.due.map(({ message, at }) => putDue(services, message, at ?? wakeAt)));
    if (!(await filing.draft.commit(services.stores.identities))) continue;
    await traceFiling(services.telemetry, filing.incidentId, fresh, filing.plans);
    await wake(
      services,
      wakeUps.filter((_, i) => filing.due[i]?.at === null),
    );
    return filing.opened ? "opened" : "attached";
  }
  throw new RetryableError("the identity's rows kept changing while a finding was filed", { code: "contention" });
}

/** What says that a risk is over opens no incident, nor does the echo of our own dismissal say anything. */
function isBesideThePoint(partition: Partition, finding: Finding): boolean {
  if (isEnoughTold(partition, finding)) return true;
  if (finding.details.about !== "risk-cleared") return false;
  return openIn(partition) === null || isOwnDismissal(partition, finding);
}

/** A delivery comes again when the first one died on the way, perhaps before it woke the writer: not to wait for the sweep. */
function neverStarted(partition: Partition, now: number): readonly WakeUp[] {
  const record = read(partition, rowKey.identity, IdentityRecord);
  if (record?.openIncidentId == null) return [];
  return plansOf(partition, record.openIncidentId).flatMap((plan) => {
    const [stage] = stagesOf(plan);
    if (stage === undefined || Date.parse(plan.notBefore) > now) return [];
    const { status, attempts } = stageRow(partition, plan.id, stage);
    if (status !== "pending" || attempts > 0) return [];
    const message: DueMessage = { kind: "stage", identity: partition.key, planId: plan.id, stage, verifies: false };
    return [{ message, attempts: 0, version: null }];
  });
}

interface Filing {
  readonly draft: Draft;
  readonly opened: boolean;
  readonly incidentId: string;
  readonly plans: readonly Plan[];
  readonly due: readonly DueSoon[];
}

async function draftFiling(
  services: Services,
  partition: Partition,
  finding: Finding,
  alongside: Alongside | null,
): Promise<Filing> {
  const now = services.clock.now();
  const draft = new Draft(partition);
  const record = read(partition, rowKey.identity, IdentityRecord);
  const open =
    record?.openIncidentId == null ? null : read(partition, rowKey.incident(record.openIncidentId), Incident);
  const incident = open ?? openIncident(partition.key, finding, now);
  const kind = knownKind(partition)?.kind ?? null;
  const plans = await draftPlans(services, draft, incident, finding, choosePlaybooks(finding, kind), now);
  const closing = open === null && plans.length === 0 ? [closeOf(services, partition.key, now)] : [];
  const looks = kind === null && mustLook(finding);
  const due = [
    ...plans.flatMap((plan) => dueOf(partition.key, plan, now)),
    ...wakeWaiting(partition, incident),
    ...(looks ? [lookOf(partition.key)] : []),
    ...clearing(partition.key, incident, finding),
  ];

  draft.put(rowKey.finding(finding.id), { incidentId: incident.id, finding } satisfies FindingRow, now + historyMs);
  draft.put(
    rowKey.incident(incident.id),
    {
      ...incident,
      severity: highestSeverity(incident.severity, finding.severity),
      nextOrdinal: incident.nextOrdinal + plans.length,
    } satisfies Incident,
    now + historyMs,
  );
  draft.put(
    rowKey.identity,
    {
      ref: incident.identity,
      claimedName: finding.claimedName ?? record?.claimedName ?? null,
      openIncidentId: incident.id,
      refusedSignInAt: record?.refusedSignInAt ?? null,
    } satisfies IdentityRecord,
    now + historyMs,
  );
  recordRequest(draft, incident, finding);
  tellOfFinding(draft, incident, finding, plans, now, looks);
  recordPlans(draft, plans);
  alongside?.add(draft, incident, plans, now);
  const deliver: DueMessage = { kind: "deliver", identity: partition.key };
  return {
    draft,
    opened: open === null,
    incidentId: incident.id,
    plans,
    due: [...(due.length > 0 ? due : [{ message: deliver, at: null }]), ...closing, ...(alongside?.due ?? [])],
  };
}

function openIncident(key: IdentityKey, finding: Finding, now: number): Incident {
  return {
    id: hashId(key, finding.id),
    identity: finding.subject,
    severity: finding.severity,
    status: "open",
    openedAt: isoAt(now),
    nextOrdinal: 1,
    closedAt: null,
    closedBecause: null,
  };
}

/** No plan's end will close an incident that calls for nothing. */
function closeOf({ policy }: Services, identity: IdentityKey, now: number): DueSoon {
  return { message: { kind: "close", identity }, at: now + policy.incident.quietHours * 3600_000 };
}

/** The writer weighs it; and again when risk that it may be later than is filed after it. */
function clearing(identity: IdentityKey, { status }: Incident, { details }: Finding): readonly DueSoon[] {
  const isAbout = details.about === "risk-cleared" && status === "open";
  return isAbout ? [{ message: { kind: "clear", identity }, at: null }] : [];
}

/** Somebody must look what kind of identity it is before anything can be planned. */
function lookOf(identity: IdentityKey): DueSoon {
  return { message: { kind: "resolve", identity }, at: null };
}

/**
 * A finding wakes the plan that waits, since it may permit more; and one whose stage has only begun, because the writer may be deciding it at
 * this very moment without this finding. Its next look comes after, and sees both.
 */
function wakeWaiting(partition: Partition, incident: Incident): readonly DueSoon[] {
  return plansOf(partition, incident.id).flatMap((plan) => {
    const stage = stagesOf(plan).find((name) => !hasEnded(stageRow(partition, plan.id, name).status));
    if (stage === undefined) return [];
    const message: DueMessage = { kind: "stage", identity: partition.key, planId: plan.id, stage, verifies: false };
    return [{ message, at: null }];
  });
}
