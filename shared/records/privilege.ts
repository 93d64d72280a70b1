/** A service principal was given a directory role, made a member of a group, or somebody was made an owner of an identity. */
import { detailOf, guidOf, propertyOf, textOf } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, noVictim, onlyTarget, type Victim, victimAt } from "./audit-record.ts";
import { asGuid, asText, field } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";

export function readRoleAssignment(record: AuditRecord): Normalised {
  const victim = memberOf(record);
  if (!("objectId" in victim)) return victim;
  const { properties, targets, operation } = record;
  // Privileged Identity Management lists the role first and says its template in the details
  const carrier = targets.find(({ changed }) => propertyOf(changed, "role.templateid") !== undefined)?.changed ?? [];
  const role = targets.find(({ type }) => type === "role");
  const claimedRole = textOf(carrier, "role.displayname") ?? asText(field(role?.fields ?? {}, "displayName"));
  const isCustom = operation === "add role assignment to role definition";
  const roleDefinitionId =
    guidOf(carrier, "role.templateid") ??
    asGuid(detailOf(properties, "templateid")) ??
    (isCustom ? asGuid(field(role?.fields ?? {}, "id")) : null);
  const eligible = operation.includes("eligible");
  const said = { roleDefinitionId, claimedRole, directoryScopeId: scopeOf(record), eligible };
  return auditEvent(record, victim, { type: "directory-role-assigned", ...said });
}

/** A scoped assignment has an activity of its own; Privileged Identity Management does not say. */
function scopeOf({ operation, targets }: AuditRecord): string | null {
  const unit = targets
    .map(({ changed, type, fields }) =>
      type === "administrativeunit" ? asGuid(field(fields, "id")) : guidOf(changed, "administrativeunit.objectid"),
    )
    .find((id) => id !== null);
  if (unit !== undefined) return `/administrativeUnits/${unit}`;
  return operation === "add member to role" || operation === "add eligible member to role" ? "/" : null;
}

export function readGroupMember(record: AuditRecord): Normalised {
  const victim = memberOf(record);
  if (!("objectId" in victim)) return victim;
  const ids = record.targets.flatMap(({ changed, type, fields }) => [
    guidOf(changed, "group.objectid"),
    type === "group" ? asGuid(field(fields, "id")) : null,
  ]);
  const [groupId, another] = new Set(ids.filter((id) => id !== null));
  if (groupId === undefined || another !== undefined) return noVictim(record, "The record does not name one group.");
  return auditEvent(record, victim, { type: "group-joined", groupId });
}

/** The member, where it is a service principal; users and groups are not ours to watch. */
function memberOf(record: AuditRecord): Victim | Normalised {
  const principals = record.targets.filter(({ type }) => type === "serviceprincipal");
  if (principals.length === 0) return ignored("no-workload-target");
  const found = onlyTarget(principals, "of type servicePrincipal");
  if (!found.ok) return noVictim(record, found.problem);
  const victim = victimAt(record, "servicePrincipal", found.target);
  return victim ?? noVictim(record, "The id of the target of type servicePrincipal is not a GUID.");
}

/** The target is the new owner; what it owns now stands in its properties. */
export function readOwner(record: AuditRecord): Normalised {
  const object = record.operation.endsWith("service principal") ? "servicePrincipal" : "application";
  const name = object.toLowerCase();
  const found = onlyTarget(
    record.targets.filter(({ changed }) => propertyOf(changed, `${name}.objectid`) !== undefined),
    `that says which ${object} was given an owner`,
  );
  if (!found.ok) return noVictim(record, found.problem);
  const { fields, changed } = found.target;
  const [objectId, ownerId] = [guidOf(changed, `${name}.objectid`), asGuid(field(fields, "id"))];
  if (objectId === null) return noVictim(record, `The id of the ${object} is not a GUID.`);
  if (ownerId === null) return noVictim(record, "The id of the new owner is not a GUID.");
  const [appId, claimedName] = [guidOf(changed, `${name}.appid`), textOf(changed, `${name}.displayname`)];
  return auditEvent(
    record,
    { object, objectId, appId, claimedName },
    { type: "owner-added", object, objectId, ownerId },
  );
}
