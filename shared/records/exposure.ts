/**
 * Who may ask for tokens of an application, or by which address: opened to other tenants, another identifier URI, another logout
 * URL. `AvailableToOtherTenants` and `AppIdentifierUri` are Microsoft's names of the audit attributes; the other spellings are not
 * seen in any record at hand, and are taken as well.
 */
import { propertyOf, soleValue, truthOf } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored } from "./audit-record.ts";
import { changedProperty, listIn } from "./changed-property.ts";
import { asText, type Fields, field } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";

/** As the plain update is searched for them. */
export const exposureProperties = [
  ...["AvailableToOtherTenants", "availableToOtherTenants"],
  ...["AppIdentifierUri", "AppIdentifierUris", "IdentifierUris", "IdentifierUri", "identifierUris"],
  ...["LogoutUrl", "LogoutURL", "logoutUrl"],
];
const identifierUris = ["appidentifieruri", "appidentifieruris", "identifieruris", "identifieruri"];

const mostUris = 1_000;

export function readExposure(record: AuditRecord): Normalised {
  const names = exposureProperties.map((name) => name.toLowerCase());
  const name = names.find((one) => record.targets.some(({ changed }) => propertyOf(changed, one) !== undefined));
  if (name === undefined) return ignored("nothing-changed");
  const change = changedProperty(record, name);
  if ("outcome" in change) return change;
  const { victim, changed } = change;
  const identifierUrisAdded = addedUris(changed);
  const logoutUrl = newLogoutUrl(changed);
  const isOpened = becameTrue(changed);
  if (!isOpened && identifierUrisAdded.length === 0 && logoutUrl === null) return ignored("nothing-changed");
  return auditEvent(record, victim, {
    type: "exposure-changed",
    object: victim.object,
    objectId: victim.objectId,
    ...(isOpened ? { multiTenant: true } : {}),
    ...(identifierUrisAdded.length > 0 ? { identifierUrisAdded } : {}),
    ...(logoutUrl === null ? {} : { logoutUrl }),
  });
}

/** Of a new application nearly everything is new; that it is open to other tenants says something. */
export function readNewExposure(record: AuditRecord): Normalised {
  const change = changedProperty(record, "availabletoothertenants");
  if ("outcome" in change) return change;
  const { victim, changed } = change;
  const { object, objectId } = victim;
  if (!becameTrue(changed)) return ignored("nothing-changed");
  return auditEvent(record, victim, { type: "exposure-changed", object, objectId, multiTenant: true });
}

function becameTrue(changed: readonly Fields[]): boolean {
  const property = propertyOf(changed, "availabletoothertenants");
  return (
    property !== undefined &&
    truthOf(field(property, "newValue")) === true &&
    truthOf(field(property, "oldValue")) !== true
  );
}

function addedUris(changed: readonly Fields[]): string[] {
  const properties = identifierUris.map((name) => propertyOf(changed, name)).filter((one) => one !== undefined);
  const before = new Set(properties.flatMap((one) => urisIn(field(one, "oldValue"))));
  const after = new Set(properties.flatMap((one) => urisIn(field(one, "newValue"))));
  return [...after].filter((uri) => !before.has(uri));
}

/** A list that cannot be read says nothing: what it opens is seen when somebody signs in by it. */
function urisIn(value: unknown): string[] {
  const list = listIn(value);
  if (list === null || list === "unreadable") return [];
  return list
    .slice(0, mostUris)
    .map(asText)
    .filter((uri) => uri !== null);
}

/** Null: it is as before, or was taken away, which sends nobody anywhere. */
function newLogoutUrl(changed: readonly Fields[]): string | null {
  const property = propertyOf(changed, "logouturl");
  if (property === undefined) return null;
  const after = asText(soleValue(field(property, "newValue")));
  return after === asText(soleValue(field(property, "oldValue"))) ? null : after;
}
