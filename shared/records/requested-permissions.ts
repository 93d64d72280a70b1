/**
 * What an application's registration asks for: `RequiredResourceAccess`, lists of { ResourceAppId, RequiredAppPermissions:
 * [{ EntitlementId, DirectAccessGrant, ImpersonationAccessGrants }] }. A direct grant is an application permission, an
 * impersonation a delegated one.
 */
import type { EventOf } from "../domain/event.ts";
import { truthOf } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, unreadable } from "./audit-record.ts";
import { changedProperty, listIn } from "./changed-property.ts";
import { asGuid, type Fields, field, isFields, objectsIn } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";

type Requested = EventOf<"permissions-requested">["added"][number];

/** An application may ask for 400 permissions (Entra service limits). */
const mostPermissions = 1_000;

export function readRequestedPermissions(record: AuditRecord): Normalised {
  const change = changedProperty(record, "requiredresourceaccess");
  if ("outcome" in change) return change;
  const { victim, values } = change;
  const [before, after] = [listIn(values.oldValue), listIn(values.newValue)];
  if (before === "unreadable" || after === "unreadable") {
    const which = victim.objectId ?? "that is not named";
    return unreadable(record, `RequiredResourceAccess of application ${which} cannot be read (cut off?).`);
  }
  const known = new Set(permissionsIn(before ?? []).map(nameOf));
  const added = permissionsIn(after ?? []).filter((one) => !known.has(nameOf(one)));
  if (added.length === 0) return ignored("nothing-changed");
  return auditEvent(record, victim, { type: "permissions-requested", objectId: victim.objectId, added });
}

function nameOf({ resourceAppId, id, application }: Requested): string {
  return `${resourceAppId},${id},${application}`;
}

function permissionsIn(list: readonly unknown[]): Requested[] {
  const all = list.filter(isFields).flatMap((api) => {
    const resourceAppId = asGuid(field(api, "ResourceAppId"));
    if (resourceAppId === null) return [];
    return objectsIn(field(api, "RequiredAppPermissions")).flatMap((one) => kindsOf(one, resourceAppId));
  });
  return [...new Map(all.map((one) => [nameOf(one), one])).values()].slice(0, mostPermissions);
}

function kindsOf(permission: Fields, resourceAppId: string): Requested[] {
  const id = asGuid(field(permission, "EntitlementId"));
  if (id === null) return [];
  const grants = field(permission, "ImpersonationAccessGrants");
  return [
    ...(truthOf(field(permission, "DirectAccessGrant")) === true ? [{ resourceAppId, id, application: true }] : []),
    ...(Array.isArray(grants) && grants.length > 0 ? [{ resourceAppId, id, application: false }] : []),
  ];
}
