/** An audit record whose activity is wanted, and the way from it to an event. */
import type { Actor, IdentityEvent } from "../domain/event.ts";
import { hashId } from "../domain/ids.ts";
import { type AuditTarget, appIdOf } from "./audit-properties.ts";
import { asGuid, asText, type Fields, field } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { deadLetter, firstTime, noTime, type RawRecord, recordIdOf } from "./raw-record.ts";

export interface AuditRecord {
  readonly raw: RawRecord;
  readonly operation: string;
  readonly properties: Fields;
  readonly targets: readonly AuditTarget[];
  readonly actor: Actor;
  readonly correlationId: string | null;
  readonly activityDateTime: unknown;
}

/** One per activity. */
export type ReadActivity = (record: AuditRecord) => Normalised;

/** The object the change was done to, by one of its own ids. */
export interface Victim {
  readonly object: "application" | "servicePrincipal";
  readonly objectId: string;
  /** null where the record does not name it, or names several */
  readonly appId: string | null;
  readonly claimedName: string | null;
}

type FactKey =
  | "id"
  | "category"
  | "recordId"
  | "tenantId"
  | "occurredAt"
  | "correlationId"
  | "actor"
  | "subject"
  | "claimedName";
type WithoutFacts<T> = T extends IdentityEvent ? Omit<T, FactKey> : never;
/** What the event says beyond the facts that all have. */
export type Said = WithoutFacts<Extract<IdentityEvent, { category: unknown }>>;

export function auditEvent(record: AuditRecord, victim: Victim, said: Said): Normalised {
  const { raw, actor, correlationId } = record;
  const occurredAt = firstTime(raw, record.activityDateTime);
  if (occurredAt === null) return noTime(raw);
  const recordId = recordIdOf(raw, [said.type, victim.objectId, occurredAt]);
  const isApplication = victim.object === "application";
  const facts = {
    id: hashId(raw.category, recordId, said.type),
    category: raw.category,
    recordId,
    tenantId: raw.tenantId,
    occurredAt,
    correlationId,
    actor,
    subject: {
      tenantId: raw.tenantId,
      appId: victim.appId,
      servicePrincipalId: isApplication ? null : victim.objectId,
      applicationObjectId: isApplication ? victim.objectId : null,
    },
    claimedName: victim.claimedName,
  };
  return { outcome: "event", event: { ...facts, ...said } };
}

export function ignored(reason: string): Normalised {
  return { outcome: "ignored", reason };
}

export function unreadable(record: AuditRecord, detail: string): Normalised {
  return deadLetter(record.raw.record, "schema", detail);
}

export function noVictim(record: AuditRecord, problem: string): Normalised {
  return deadLetter(record.raw.record, "no-victim", `${problem} Look at the record in the hub.`);
}

/** The only one, or why none can be meant: a victim is never guessed. */
export type Found =
  | { readonly ok: true; readonly target: AuditTarget }
  | { readonly ok: false; readonly problem: string };

export function onlyTarget(candidates: readonly AuditTarget[], what: string): Found {
  const [target, another] = candidates;
  if (target === undefined) return { ok: false, problem: `The record has no target ${what}.` };
  if (another !== undefined) return { ok: false, problem: `The record has several targets ${what}.` };
  return { ok: true, target };
}

/** The victim that a target itself is; null where its id is no GUID. */
export function victimAt(
  record: AuditRecord,
  object: Victim["object"],
  { fields, changed }: AuditTarget,
): Victim | null {
  const objectId = asGuid(field(fields, "id"));
  if (objectId === null) return null;
  const claimedName = asText(field(fields, "displayName"));
  return { object, objectId, appId: appIdOf(record.properties, changed), claimedName };
}
