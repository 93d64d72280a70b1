/**
 * Federated credentials: no activity of their own, but the property `FederatedIdentityCredentials` of an update, whose values are
 * lists of { Name, Issuer, Subject, Audiences, ClaimsMatchingExpressionValue, … } (entra-docs; logs of Stratus Red Team).
 */
import { FederatedTuple, federatedTupleKey } from "../domain/federated-tuple.ts";
import { unquoted } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, unreadable } from "./audit-record.ts";
import { changedProperty } from "./changed-property.ts";
import { type Fields, field, isFields, structured } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";

export function readFederatedChange(record: AuditRecord): Normalised {
  const change = changedProperty(record, "federatedidentitycredentials");
  if ("outcome" in change) return change;
  const { victim, values } = change;
  const { object, objectId } = victim;
  const [before, after] = [parseTuples(values.oldValue), parseTuples(values.newValue)];
  if (before === "unreadable" || after === "unreadable") {
    const which = objectId ?? "that is not named";
    const detail = `FederatedIdentityCredentials of ${object} ${which} cannot be read (cut off?): compare them by hand.`;
    return unreadable(record, detail);
  }
  if (after === null) return ignored("credentials-not-said");
  const added = without(after, before ?? []);
  const removed = without(before ?? [], after);
  if (added.length === 0 && removed.length === 0) return ignored("nothing-changed");
  const counted = { added, removed, before: before?.length ?? null };
  return auditEvent(record, victim, { type: "federated-credentials-changed", object, objectId, ...counted });
}

/** Null: the record does not say. A part of the truth is no truth, so one entry that cannot be read makes all unreadable. */
function parseTuples(value: unknown): readonly FederatedTuple[] | null | "unreadable" {
  const list = unquoted(value);
  if (list === null || list === undefined || list === "") return null;
  if (!Array.isArray(list)) return "unreadable";
  const tuples = new Map<string, FederatedTuple>();
  for (const entry of list) {
    const item = structured(entry);
    const tuple = isFields(item) ? tupleOf(item) : null;
    if (tuple === null) return "unreadable";
    tuples.set(federatedTupleKey(tuple), tuple);
  }
  return [...tuples.values()];
}

function tupleOf(item: Fields): FederatedTuple | null {
  const audiences = structured(field(item, "Audiences"));
  const parsed = FederatedTuple.safeParse({
    issuer: field(item, "Issuer"),
    subject: textOrNull(field(item, "Subject")),
    expression: textOrNull(field(item, "ClaimsMatchingExpressionValue")),
    audiences: audiences ?? [],
  });
  return parsed.success ? parsed.data : null;
}

function textOrNull(value: unknown): unknown {
  return value === undefined || value === "" ? null : value;
}

function without(tuples: readonly FederatedTuple[], others: readonly FederatedTuple[]): FederatedTuple[] {
  const known = new Set(others.map(federatedTupleKey));
  return tuples.filter((tuple) => !known.has(federatedTupleKey(tuple)));
}
