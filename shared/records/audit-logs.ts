/** AuditLogs: what somebody changed about applications and service principals. */
import { z } from "zod";
import { readActor } from "./actor.ts";
import { readersOf } from "./audit-activities.ts";
import { targetsOf } from "./audit-properties.ts";
import { type AuditRecord, ignored } from "./audit-record.ts";
import { field, Text } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import type { RawRecord } from "./raw-record.ts";
import { readProperties } from "./schema.ts";

const AuditProperties = z.object({
  result: Text,
  correlationId: Text,
  activityDateTime: z.unknown(),
  initiatedBy: z.unknown(),
});

export function readAuditLog(raw: RawRecord): Normalised {
  const read = readProperties(raw, AuditProperties);
  if (!read.ok) return read.outcome;
  const { result, correlationId, activityDateTime, initiatedBy } = read.data;
  if (hasFailed(result ?? field(raw.record, "result"))) return ignored("activity-failed");
  const record: AuditRecord = {
    raw,
    operation: raw.operation,
    properties: raw.properties,
    targets: targetsOf(raw.properties),
    actor: readActor(initiatedBy),
    correlationId,
    activityDateTime,
  };
  return together(readersOf(record).map((reader) => reader(record)));
}

/** resultSignature is "None" on every genuine record; only a plain failure is one, a timeout may have been done. */
function hasFailed(result: unknown): boolean {
  return typeof result === "string" && result.toLowerCase() === "failure";
}

/** What can be read of one record, with what cannot; a reason to ignore it counts only where there is neither. */
function together(parts: readonly Normalised[]): Normalised {
  const events = parts.flatMap((part) => (part.outcome === "event" ? [part.event] : []));
  const letters = parts.flatMap((part) => (part.outcome === "dead-letter" ? [part.letter] : []));
  const [event, ...more] = events;
  if (event === undefined) {
    return parts.find(({ outcome }) => outcome === "dead-letter") ?? parts[0] ?? ignored("nothing-changed");
  }
  return {
    outcome: "event",
    event,
    ...(more.length > 0 ? { more } : {}),
    ...(letters.length > 0 ? { letters } : {}),
  };
}
