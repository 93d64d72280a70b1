/** A service principal was given a directory role, or a group was, and with it every service principal in it. */
import { detailOf, guidOf, propertyOf, textOf } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, eventAbout, ignored, noVictim } from "./audit-record.ts";
import { asGuid, asText, field } from "./fields.ts";
import { memberOf } from "./member.ts";
import type { Normalised } from "./normaliser.ts";
import { onlyTarget } from "./victim.ts";

const templateId = "role.templateid";

export function readRoleAssignment(record: AuditRecord): Normalised {
  const victim = memberOf(record);
  if (victim === null) return readGroupRole(record);
  if ("outcome" in victim) return victim;
  const eligible = record.operation.includes("eligible");
  return auditEvent(record, victim, { type: "directory-role-assigned", ...roleOf(record), eligible });
}

/** A user who is named beside a group may be the one who got the role: then the group must carry it. */
function readGroupRole(record: AuditRecord): Normalised {
  const groups = record.targets.filter(({ type }) => type === "group");
  const carriers = groups.filter(({ changed }) => propertyOf(changed, templateId) !== undefined);
  const isOfUser = record.targets.some(({ type }) => type === "user");
  const candidates = carriers.length > 0 ? carriers : isOfUser ? [] : groups;
  if (candidates.length === 0) return ignored("no-workload-target");
  const found = onlyTarget(candidates, "of type group");
  if (!found.ok) return noVictim(record, found.problem);
  const { fields } = found.target;
  const groupId = asGuid(field(fields, "id"));
  if (groupId === null) return noVictim(record, "The id of the group that was given the role is not a GUID.");
  const { tenantId } = record.raw;
  const subject = { tenantId, appId: null, servicePrincipalId: null, applicationObjectId: null };
  const about = { subject, claimedName: asText(field(fields, "displayName")) };
  return eventAbout(record, about, groupId, { type: "group-given-role", groupId, ...roleOf(record) });
}

function roleOf(record: AuditRecord) {
  const { properties, targets, operation } = record;
  // Privileged Identity Management lists the role first and says its template in the details
  const carrying = (name: string) => targets.find(({ changed }) => propertyOf(changed, name) !== undefined)?.changed;
  const carrier = carrying(templateId) ?? carrying("role.displayname") ?? [];
  const role = targets.find(({ type }) => type === "role");
  const isCustom = operation === "add role assignment to role definition";
  const roleDefinitionId =
    guidOf(carrier, templateId) ??
    asGuid(detailOf(properties, "templateid")) ??
    asGuid(detailOf(properties, "roledefinitionoriginid")) ??
    (isCustom ? asGuid(field(role?.fields ?? {}, "id")) : null);
  const claimedRole = textOf(carrier, "role.displayname") ?? asText(field(role?.fields ?? {}, "displayName"));
  return { roleDefinitionId, claimedRole, directoryScopeId: scopeOf(record) };
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
