/** Targets and modified properties of an audit record: by type and name, never by position. */
import { asGuid, asText, type Fields, field, objectsIn } from "./fields.ts";

/** A target, with its type and its modified properties' names folded. */
export interface AuditTarget {
  readonly fields: Fields;
  /** `application`, `serviceprincipal`, `user`, `group`, `role`, …; null where the record names none */
  readonly type: string | null;
  readonly changed: readonly Fields[];
}

/** resultSignature is "None" on every genuine record. Only a plain failure is one, as `failure` or `Failed`: a timeout may have been done. */
export function hasFailed(record: Fields, properties: Fields): boolean {
  const result = asText(field(properties, "result")) ?? asText(field(record, "result"));
  return result !== null && /^fail(ed|ure)?$/i.test(result);
}

export function targetsOf(properties: Fields): readonly AuditTarget[] {
  return objectsIn(field(properties, "targetResources")).map((fields) => ({
    fields,
    type: asText(field(fields, "type"))?.replaceAll(" ", "").toLowerCase() ?? null,
    changed: objectsIn(field(fields, "modifiedProperties")),
  }));
}

export function nameOf(property: Fields): string | null {
  return asText(field(property, "displayName"))?.toLowerCase() ?? null;
}

/** The modified property of that name (lower case). */
export function propertyOf(changed: readonly Fields[], name: string): Fields | undefined {
  return changed.find((property) => nameOf(property) === name);
}

export interface BothValues {
  readonly oldValue: unknown;
  readonly newValue: unknown;
}

export function bothValues(property: Fields): BothValues {
  return { oldValue: field(property, "oldValue"), newValue: field(property, "newValue") };
}

/** Values are JSON inside text, sometimes quoted once more; what is no JSON stays as it is. */
export function unquoted(value: unknown): unknown {
  let inner = value;
  try {
    for (let i = 0; i < 2 && typeof inner === "string" && inner.trim() !== ""; i++) inner = JSON.parse(inner);
  } catch {
    return typeof inner === "string" ? inner.trim() : inner;
  }
  return typeof inner === "string" ? inner.trim() : inner;
}

/** The new value as one thing: `"x"`, `["x"]` and `x` are all x. */
export function newValueOf(changed: readonly Fields[], name: string): unknown {
  const property = propertyOf(changed, name);
  const value = unquoted(property === undefined ? null : field(property, "newValue"));
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** As newValueOf, but of what was taken away: the old value where there is no new one. */
export function eitherValueOf(changed: readonly Fields[], name: string): unknown {
  const property = propertyOf(changed, name);
  if (property === undefined) return null;
  const { oldValue, newValue } = bothValues(property);
  return soleValue(newValue) ?? soleValue(oldValue);
}

/** `"x"`, `["x"]` and `x` are all x; nothing, in any spelling, is null. */
export function soleValue(value: unknown): unknown {
  const plain = unquoted(value);
  const one = Array.isArray(plain) && plain.length < 2 ? plain[0] : plain;
  return one === undefined || one === "" ? null : one;
}

/** True and false, also as text and in a list of one; null for everything else. */
export function truthOf(value: unknown): boolean | null {
  const one = soleValue(value);
  if (typeof one === "boolean") return one;
  if (typeof one !== "string") return null;
  return one.toLowerCase() === "true" ? true : one.toLowerCase() === "false" ? false : null;
}

export function guidOf(changed: readonly Fields[], name: string): string | null {
  return asGuid(newValueOf(changed, name));
}

export function textOf(changed: readonly Fields[], name: string): string | null {
  return asText(newValueOf(changed, name));
}

/** The value of an additional detail; keys are folded. */
export function detailOf(properties: Fields, key: string): unknown {
  const detail = objectsIn(field(properties, "additionalDetails")).find(
    (one) => asText(field(one, "key"))?.toLowerCase() === key,
  );
  return detail === undefined ? undefined : field(detail, "value");
}

/** The names by which the target may be asked for a token; the appId is one of them. */
export function servicePrincipalNames(changed: readonly Fields[]): readonly string[] {
  const names = newValueOf(changed, "targetid.serviceprincipalnames");
  return typeof names === "string" ? names.split(";").map((name) => name.trim()) : [];
}

/** The appId that a target's own names give; null where they name none, or several. */
export function namedAppId(changed: readonly Fields[]): string | null {
  return onlyOne(servicePrincipalNames(changed).map(asGuid));
}

const appIdProperties = ["appid", "appprincipalid", "serviceprincipal.appid", "application.appid"];

/**
 * The appId of the one target that a record is about: every place that may name it; where they disagree it stays unknown, and
 * the writer asks Graph. Not for grants, whose details and names are those of the resource.
 */
export function appIdOf(properties: Fields, changed: readonly Fields[]): string | null {
  const modified = appIdProperties.map((name) => guidOf(changed, name));
  return onlyOne([asGuid(detailOf(properties, "appid")), ...modified, ...servicePrincipalNames(changed).map(asGuid)]);
}

function onlyOne(ids: readonly (string | null)[]): string | null {
  const [id, another] = new Set(ids.filter((one) => one !== null));
  return another === undefined ? (id ?? null) : null;
}
