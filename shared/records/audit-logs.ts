/** AuditLogs: what somebody changed about applications and service principals. */
import { z } from "zod";
import { readActor } from "./actor.ts";
import { readersOf, readersOfFailure } from "./audit-activities.ts";
import { hasFailed, targetsOf } from "./audit-properties.ts";
import { type AuditRecord, ignored, together } from "./audit-record.ts";
import { Text } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import type { RawRecord } from "./raw-record.ts";
import { readProperties } from "./schema.ts";

const AuditProperties = z.object({
  correlationId: Text,
  activityDateTime: z.unknown(),
  initiatedBy: z.unknown(),
});

export function readAuditLog(raw: RawRecord): Normalised {
  const read = readProperties(raw, AuditProperties);
  if (!read.ok) return read.outcome;
  const { correlationId, activityDateTime, initiatedBy } = read.data;
  const record: AuditRecord = {
    raw,
    operation: raw.operation,
    properties: raw.properties,
    targets: targetsOf(raw.properties),
    actor: readActor(initiatedBy),
    correlationId,
    activityDateTime,
  };
  const failed = hasFailed(raw.record, raw.properties);
  const readers = failed ? readersOfFailure(record) : readersOf(record);
  if (failed && readers.length === 0) return ignored("activity-failed");
  return together(readers.map((reader) => reader(record)));
}
