/** Which object an audit record's activity was done to: by target type and property, never by position, never by name. */
import { asGuid, asText, type Fields, field, objectsIn } from "./fields.ts";

export interface CredentialVictim {
  readonly object: "application" | "servicePrincipal";
  readonly objectId: string;
  /** null where the record does not name it, or names several */
  readonly appId: string | null;
  readonly claimedName: string | null;
  /** the `KeyDescription` property; null where the record says nothing of the keys */
  readonly keys: { readonly oldValue: unknown; readonly newValue: unknown } | null;
  /** carries the service principal name that only Azure gives, and only to managed identities */
  readonly managedIdentity: boolean;
}

export type Victim<T> = { readonly ok: true; readonly victim: T } | { readonly ok: false; readonly problem: string };

/** The object whose credentials changed. A problem says why none, or more than one, can be meant. */
export function credentialVictim(operation: string, properties: Fields): Victim<CredentialVictim> {
  const object = operation.includes("service principal") ? "servicePrincipal" : "application";
  const targets = objectsIn(field(properties, "targetResources"));
  const [target, another] = candidates(targets, object);
  if (target === undefined) return { ok: false, problem: `The record has no target of type ${object}.` };
  if (another !== undefined) return { ok: false, problem: `The record has several targets of type ${object}.` };
  const objectId = asGuid(field(target, "id"));
  if (objectId === null) return { ok: false, problem: `The id of the target of type ${object} is not a GUID.` };
  const changed = objectsIn(field(target, "modifiedProperties"));
  const description = changed.find((property) => nameOf(property) === "keydescription");
  const victim: CredentialVictim = {
    object,
    objectId,
    appId: appIdOf(properties, changed),
    claimedName: asText(field(target, "displayName")),
    keys: description === undefined ? null : bothValues(description),
    managedIdentity: servicePrincipalNames(changed).some((name) => name.startsWith("https://identity.azure.net/")),
  };
  return { ok: true, victim };
}

/** Targets of that type; those that carry the keys where several do not; one without type only if it carries the keys. */
function candidates(targets: readonly Fields[], object: string): readonly Fields[] {
  const wanted = object.toLowerCase();
  const typed = targets.filter((target) => typeOf(target) === wanted);
  const keyed = typed.filter(carriesKeys);
  if (keyed.length > 0) return keyed;
  return typed.length > 0 ? typed : targets.filter((target) => typeOf(target) === null && carriesKeys(target));
}

function typeOf(target: Fields): string | null {
  return asText(field(target, "type"))?.replaceAll(" ", "").toLowerCase() ?? null;
}

function carriesKeys(target: Fields): boolean {
  return objectsIn(field(target, "modifiedProperties")).some((property) => nameOf(property) === "keydescription");
}

function nameOf(property: Fields): string | null {
  return asText(field(property, "displayName"))?.toLowerCase() ?? null;
}

function bothValues(property: Fields): { oldValue: unknown; newValue: unknown } {
  return { oldValue: field(property, "oldValue"), newValue: field(property, "newValue") };
}

const appIdProperties = new Set(["appid", "serviceprincipal.appid", "application.appid"]);

/** Every place that may name the appId; where they disagree it stays unknown, and the writer asks Graph. */
function appIdOf(properties: Fields, changed: readonly Fields[]): string | null {
  const details = objectsIn(field(properties, "additionalDetails"))
    .filter((detail) => asText(field(detail, "key"))?.toLowerCase() === "appid")
    .map((detail) => field(detail, "value"));
  const modified = changed.filter((property) => appIdProperties.has(nameOf(property) ?? "")).map(plainValue);
  const named = [...details, ...modified, ...servicePrincipalNames(changed)].map(asGuid);
  const [appId, another] = new Set(named.filter((id) => id !== null));
  return another === undefined ? (appId ?? null) : null;
}

function servicePrincipalNames(changed: readonly Fields[]): readonly string[] {
  const property = changed.find((candidate) => nameOf(candidate) === "targetid.serviceprincipalnames");
  const names = property === undefined ? null : plainValue(property);
  return typeof names === "string" ? names.split(";").map((name) => name.trim()) : [];
}

/** A property's value is JSON text, mostly a quoted string. */
function plainValue(property: Fields): unknown {
  const value = field(property, "newValue") ?? field(property, "oldValue");
  if (typeof value !== "string") return value;
  const text = value.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
