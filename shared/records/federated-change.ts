/**
 * Federated credentials: no activity of their own, but the property `FederatedIdentityCredentials` of an update, whose values are
 * lists of { Name, Issuer, Subject, Id, Audiences, ClaimsMatchingExpressionValue, … } (entra-docs; logs of Stratus Red Team).
 */
import { FederatedTuple, federatedTupleKey } from "../domain/federated-tuple.ts";
import { unquoted } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, unreadable } from "./audit-record.ts";
import { changedProperty } from "./changed-property.ts";
import { asGuid, asText, type Fields, field, isFields, structured } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";

interface Credential {
  readonly tuple: FederatedTuple;
  /** which of the object's credentials it is, whatever is changed in it: its id, or its name, which is unique on the object */
  readonly which: string | null;
}

export function readFederatedChange(record: AuditRecord): Normalised {
  const change = changedProperty(record, "federatedidentitycredentials");
  if ("outcome" in change) return change;
  const { victim, values } = change;
  const { object, objectId } = victim;
  const [before, after] = [parseCredentials(values.oldValue), parseCredentials(values.newValue)];
  if (before === "unreadable" || after === "unreadable") {
    const which = objectId ?? "that is not named";
    const detail = `FederatedIdentityCredentials of ${object} ${which} cannot be read (cut off?): compare them by hand.`;
    return unreadable(record, detail);
  }
  if (after === null) return ignored("credentials-not-said");
  const added = without(after, before ?? []);
  const removed = without(before ?? [], after);
  if (added.length === 0 && removed.length === 0) return ignored("nothing-changed");
  return auditEvent(record, victim, {
    type: "federated-credentials-changed",
    object,
    objectId,
    added,
    removed,
    before: before?.length ?? null,
    ...(changesIssuer(before ?? [], after) ? { issuerReplaced: true } : {}),
  });
}

function changesIssuer(before: readonly Credential[], after: readonly Credential[]): boolean {
  const issuers = new Map(before.map(({ which, tuple }) => [which, tuple.issuer]));
  return after.some(({ which, tuple }) => which !== null && (issuers.get(which) ?? tuple.issuer) !== tuple.issuer);
}

/** Null: the record does not say. A part of the truth is no truth, so one entry that cannot be read makes all unreadable. */
function parseCredentials(value: unknown): readonly Credential[] | null | "unreadable" {
  const list = unquoted(value);
  if (list === null || list === undefined || list === "") return null;
  const credentials = new Map<string, Credential>();
  // each may be text once more, or a list of one
  for (const item of [list].flat().flatMap(structured)) {
    const tuple = isFields(item) ? tupleOf(item) : null;
    if (!isFields(item) || tuple === null) return "unreadable";
    const which = asGuid(field(item, "Id")) ?? asText(field(item, "Name"));
    credentials.set(federatedTupleKey(tuple), { tuple, which });
  }
  return [...credentials.values()];
}

function tupleOf(item: Fields): FederatedTuple | null {
  const audiences = structured(field(item, "Audiences")) ?? [];
  const expression = structured(field(item, "ClaimsMatchingExpression"));
  const value =
    field(item, "ClaimsMatchingExpressionValue") ?? (isFields(expression) ? field(expression, "Value") : null);
  const parsed = FederatedTuple.safeParse({
    issuer: field(item, "Issuer"),
    subject: textOrNull(field(item, "Subject")),
    expression: textOrNull(value),
    audiences: typeof audiences === "string" ? [audiences] : audiences,
  });
  return parsed.success ? parsed.data : null;
}

function textOrNull(value: unknown): unknown {
  return value === undefined || value === "" ? null : value;
}

function without(credentials: readonly Credential[], others: readonly Credential[]): FederatedTuple[] {
  const known = new Set(others.map(({ tuple }) => federatedTupleKey(tuple)));
  return credentials.map(({ tuple }) => tuple).filter((tuple) => !known.has(federatedTupleKey(tuple)));
}
