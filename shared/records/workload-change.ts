/** Which objects a workload identity created or changed, out of an audit record of any activity. */
import type { ChangedObject } from "../domain/changed-object.ts";
import { readActor } from "./actor.ts";
import { type AuditTarget, eitherValueOf, hasFailed, propertyOf, targetsOf } from "./audit-properties.ts";
import { asGuid, asText, field, isFields, propertiesOf, structured } from "./fields.ts";
import { foldOperation } from "./operation.ts";
import { isTenant, tenantOfRecord } from "./raw-record.ts";
import { parseTime } from "./time.ts";

export interface WorkloadChange {
  /** service principal object id of who did it */
  readonly actorId: string;
  readonly objects: readonly ChangedObject[];
}

/** More targets than any genuine record has. */
const mostTargets = 20;

/** Null for nearly every record: it is no audit record of ours, no workload did it, it failed, or it names no object. */
export function workloadChange(record: unknown, tenantId: string): WorkloadChange | null {
  if (!isFields(record)) return null;
  const category = field(record, "category");
  if (typeof category !== "string" || category.length !== 9 || category.toLowerCase() !== "auditlogs") return null;
  const properties = propertiesOf(record);
  const actorId = workloadIn(field(properties, "initiatedBy"));
  if (actorId === null || hasFailed(record, properties)) return null;
  const named = tenantOfRecord(record);
  if (named === null || !isTenant(tenantId, named)) return null;
  const time = parseTime(field(properties, "activityDateTime")) ?? parseTime(field(record, "time"));
  const activity = foldOperation(field(properties, "activityDisplayName") ?? field(record, "operationName"));
  if (time === null || activity === "") return null;
  const at = Date.parse(time);
  const touched = targetsOf(properties).slice(0, mostTargets).flatMap(touchedBy);
  const objects = touched.map(({ id, type }) => ({ id, type, activity, at }));
  return objects.length === 0 ? null : { actorId, objects };
}

/** The cheap look comes first: of most records the actor is a user. */
function workloadIn(initiatedBy: unknown): string | null {
  const by = structured(initiatedBy);
  if (!isFields(by) || !isFields(field(by, "app"))) return null;
  const actor = readActor(by);
  return actor.kind === "workload" ? actor.id : null;
}

interface Touched {
  readonly id: string;
  readonly type: string | null;
}

const beside = [
  ["application.objectid", "Application"],
  ["serviceprincipal.objectid", "ServicePrincipal"],
  ["group.objectid", "Group"],
] as const;

/** Of a grant the target is the API, which stays as it was; who got the permission stands in a property. A role stays as it was, too. */
function touchedBy({ fields, type, changed }: AuditTarget): readonly Touched[] {
  const id = asGuid(field(fields, "id"));
  const isApi = type === "serviceprincipal" && propertyOf(changed, "serviceprincipal.objectid") !== undefined;
  const itself = id === null || isApi || type === "role" ? [] : [{ id, type: asText(field(fields, "type")) }];
  const others = beside.flatMap(([property, kind]) => {
    // of what was taken away the id stands in the old value
    const other = asGuid(eitherValueOf(changed, property));
    return other === null ? [] : [{ id: other, type: kind }];
  });
  return [...itself, ...others];
}
