/** What one look at a retirement has in hand, and how it moves on: every move is one commit with its notice. */
import { TerminalError } from "../../../domain/errors.ts";
import type { Incident } from "../../../domain/incident.ts";
import { hasEnded } from "../../../domain/plan.ts";
import { isRetiring, mayGoOn, type Retirement, type RetirementState } from "../../../domain/retirement.ts";
import { isoAt } from "../../../ports/clock.ts";
import type { Notice } from "../../../ports/outbox.ts";
import { draftClosing, openIn } from "../../incident/close-open.ts";
import { isUnverified, meetFilings, type Next } from "../../judge/stage-context.ts";
import { historyMs, standingLedgerMs } from "../../rows/expiry.ts";
import { nameOf, tell } from "../../rows/notices.ts";
import { Draft, type Partition, read } from "../../rows/partition.ts";
import { plansOf, stageRow, stagesOf } from "../../rows/plans.ts";
import { IdentityRecord, rowKey } from "../../rows/rows.ts";
import type { Writer } from "../../run/writer.ts";
import type { WordOn } from "../words/words.ts";
import type { Course } from "./course.ts";
import { otherFindings } from "./other-business.ts";

export const hourMs = 3600_000;
const soonMs = 1_000;

export interface Look {
  readonly writer: Writer;
  readonly partition: Partition;
  readonly row: Retirement;
  readonly course: Course;
  readonly word: WordOn;
  readonly now: number;
}

export interface Move {
  readonly to: RetirementState;
  /** one sentence, for the row and for people */
  readonly because: string;
  readonly change?: Partial<Retirement>;
  readonly event: string;
  readonly urgency?: Notice["urgency"];
  readonly severity?: Notice["severity"];
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The next look: in so many ms. */
export function later({ now, partition }: Look, ms: number): Next {
  return { wakeAt: now + ms, partition };
}

/** Of what has come to its end there is no other look. */
export async function moveOn(look: Look, move: Move): Promise<Next> {
  const { partition, row, writer, now } = look;
  const { services } = writer;
  if (!mayGoOn(row.state, move.to)) {
    throw new TerminalError(`a retirement cannot go from ${row.state} to ${move.to}`, { code: "illegal-transition" });
  }
  const draft = new Draft(partition);
  const next: Retirement = {
    ...row,
    ...move.change,
    state: move.to,
    since: isoAt(now),
    because: move.because,
    planIds: look.course.plans.map(({ id }) => id),
  };
  putRetirement(draft, next, now);
  if (!isRetiring(next)) end(look, draft, move.because);
  tellOwners(look, draft, move);
  if (!(await draft.commit(services.stores.identities))) return later(look, soonMs);
  return isRetiring(next) ? later(look, hourMs) : { wakeAt: null, partition };
}

export function putRetirement(draft: Draft, row: Retirement, now: number): void {
  draft.put(rowKey.retirement, row, now + standingLedgerMs);
}

/** Nothing of it runs any more, and an incident that was about nothing else is over. */
function end(look: Look, draft: Draft, because: string): void {
  const { partition, now, row } = look;
  const open = openIn(partition);
  if (open !== null && open.incident.id === row.incidentId && !isBusyBeside(look, open.incident)) {
    draftClosing(draft, open, because, now);
    return;
  }
  callOff(look, draft, because);
}

/** Stages of it that have not ended: none of them is written to at this moment, since the writer alone does both. */
export function callOff({ course, now, row }: Look, draft: Draft, because: string): void {
  for (const plan of course.plans) {
    for (const stage of stagesOf(plan)) {
      const known = stageRow(draft.partition, plan.id, stage);
      if (hasEnded(known.status)) continue;
      const ended = { ...known, status: "cancelled" as const, reasons: [because], endedAt: isoAt(now) };
      draft.put(rowKey.stage(plan.id, stage), ended, now + historyMs);
    }
  }
  meetFilings(draft, row.incidentId, now + historyMs);
}

/** Something else is still to be done, to be verified, or to be watched for its quiet time. */
function isBusyBeside({ partition, course }: Look, incident: Incident): boolean {
  const own = new Set(course.plans.map(({ id }) => id));
  const isAtWork = plansOf(partition, incident.id).some((plan) =>
    stagesOf(plan).some((stage) => {
      const row = stageRow(partition, plan.id, stage);
      return (!own.has(plan.id) && !hasEnded(row.status)) || isUnverified(row);
    }),
  );
  return isAtWork || otherFindings(partition, incident.id).length > 0;
}

/** To the channel, and to the owners whom Graph named. */
export function tellOwners(
  { course, now, partition, row }: Look,
  draft: Draft,
  move: Omit<Move, "to" | "change">,
): void {
  const { event, because, urgency = "chat", severity = "low", data = {} } = move;
  const record = read(partition, rowKey.identity, IdentityRecord);
  const identity = record?.ref ?? course.plans.at(-1)?.identity;
  if (identity === undefined) return;
  tell(
    draft,
    {
      event,
      about: [row.incidentId, row.state, isoAt(now)],
      identity,
      incidentId: row.incidentId,
      planId: course.plans.at(-1)?.id ?? null,
      urgency,
      severity,
      recipients: row.owners
        .filter(({ type }) => type !== "#microsoft.graph.servicePrincipal")
        .map(({ objectId }) => objectId),
      message: `${nameOf(identity, record?.claimedName ?? null)}: ${because}`,
      data: { ...data, from: row.state, because, lastUsedAt: row.lastUsedAt, privileges: row.privileges },
    },
    now,
  );
}
