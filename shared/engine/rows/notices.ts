/** Notices are rows of the same transaction as the state change they tell of, so that neither is ever without the other. */

import { type IdentityKey, type IdentityRef, topicOfKey } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import { chainOf, type Deed } from "../../domain/ledger.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Notice } from "../../ports/outbox.ts";
import { shortMs } from "./expiry.ts";
import type { Draft } from "./partition.ts";
import { type NoticeRow, rowKey } from "./rows.ts";

export interface Told {
  readonly event: string;
  /** makes the notice's id, with the identity: the same thing told twice is one notice */
  readonly about: readonly string[];
  readonly message: string;
  /** who did it, for the ledger; without it we did */
  readonly by?: string;
  readonly identity: IdentityRef;
  readonly severity?: Notice["severity"];
  readonly urgency?: Notice["urgency"];
  readonly incidentId?: string | null;
  readonly planId?: string | null;
  /** object ids of people whom it is for, besides those who watch the channel */
  readonly recipients?: readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
}

export function noticeOf(key: IdentityKey, told: Told, now: number): Notice {
  return {
    id: hashId(key, told.event, ...told.about),
    tenantId: told.identity.tenantId,
    at: isoAt(now),
    event: told.event,
    urgency: told.urgency ?? "digest",
    severity: told.severity ?? "informational",
    message: told.message,
    identity: { key, appId: told.identity.appId, servicePrincipalId: told.identity.servicePrincipalId },
    incidentId: told.incidentId ?? null,
    planId: told.planId ?? null,
    ...(told.recipients === undefined ? {} : { recipients: told.recipients }),
    data: told.data ?? {},
  };
}

/** What the ledger keeps of it. */
function deedOf(key: IdentityKey, notice: Notice, by = "tourniquet"): Deed {
  const { at, event, message, severity, urgency, planId, data } = notice;
  const chain = chainOf(key, notice.incidentId);
  return { chain, at, event, by, message, data: { noticeId: notice.id, severity, urgency, planId, ...data } };
}

/** Adds the notice to the change, and an entry to the ledger. A notice that was told before and still lies there is not told again. */
export function tell(draft: Draft, told: Told, now: number): void {
  const notice = noticeOf(draft.partition.key, told, now);
  const key = rowKey.notice(notice.id);
  if (draft.partition.rows.has(key)) return;
  if (!draft.touches(key)) draft.record(deedOf(draft.partition.key, notice, told.by));
  draft.put(key, { notice, published: false, notified: [] } satisfies NoticeRow, now + shortMs);
}

const topics: Readonly<Record<string, string>> = { group: "group", user: "user", log: "the log" };

/** Whoever the rows under that key are about, for a sentence: an identity, or what is none. */
export function nameUnder(key: IdentityKey, identity: IdentityRef, claimedName: string | null): string {
  const topic = topicOfKey(key);
  if (topic === null) return nameOf(identity, claimedName);
  const kind = topics[topic.kind];
  return withName(kind === undefined ? "an object without an id that can be read" : `${kind} ${topic.id}`, claimedName);
}

/** An identity for a sentence: ids first, the name as claimed, quoted and last. */
export function nameOf(identity: IdentityRef, claimedName: string | null): string {
  const ids = [
    identity.servicePrincipalId === null ? null : `service principal ${identity.servicePrincipalId}`,
    identity.appId === null ? null : `appId ${identity.appId}`,
    identity.servicePrincipalId === null && identity.applicationObjectId !== null
      ? `application object ${identity.applicationObjectId}`
      : null,
  ].filter((id) => id !== null);
  return withName(ids.join(", "), claimedName);
}

function withName(who: string, claimedName: string | null): string {
  return claimedName === null ? who : `${who}, named ${JSON.stringify(claimedName.slice(0, 80))}`;
}
