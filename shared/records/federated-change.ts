/**
 * Federated credentials: no activity of their own, but the property `FederatedIdentityCredentials` of an update, whose values are
 * lists of { Name, Issuer, Subject, Audiences, ClaimsMatchingExpressionValue, … } (entra-docs; logs of Stratus Red Team).
 */
import { FederatedTuple, federatedTupleKey } from "../domain/federated-tuple.ts";
import { bothValues, propertyOf, unquoted } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, noVictim, unreadable, victimAt } from "./audit-record.ts";
import { carrierOf } from "./credential-change.ts";
import { type Fields, field, isFields, structured } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";

const property = "federatedidentitycredentials";

export function readFederatedChange(record: AuditRecord): Normalised {
  const object = record.operation.includes("service principal") ? "servicePrincipal" : "application";
  const found = carrierOf(record.targets, object, property);
  if (!found.ok) return noVictim(record, found.problem);
  const victim = victimAt(record, object, found.target);
  if (victim === null) return noVictim(record, `The id of the target of type ${object} is not a GUID.`);
  const changed = propertyOf(found.target.changed, property);
  const values = changed === undefined ? null : bothValues(changed);
  const [before, after] = [parseTuples(values?.oldValue), parseTuples(values?.newValue)];
  if (before === "unreadable" || after === "unreadable") {
    const detail = `FederatedIdentityCredentials of ${object} ${victim.objectId} cannot be read (cut off?): compare them by hand.`;
    return unreadable(record, detail);
  }
  if (after === null) return ignored("credentials-not-said");
  const added = without(after, before ?? []);
  const removed = without(before ?? [], after);
  if (added.length === 0 && removed.length === 0) return ignored("nothing-changed");
  const { objectId } = victim;
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
