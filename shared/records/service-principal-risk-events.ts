/** ServicePrincipalRiskEvents: one risk detection of Identity Protection. */
import { z } from "zod";
import { hashId } from "../domain/ids.ts";
import { unknownActor } from "./actor.ts";
import { asText, Id, OptionalWord, structured, Text, Word } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { deadLetter, firstTime, noTime, type RawRecord, recordIdOf } from "./raw-record.ts";
import { readProperties } from "./schema.ts";

const RiskDetection = z.object({
  servicePrincipalId: Text,
  servicePrincipalDisplayName: Text,
  appId: Id,
  correlationId: Text,
  riskEventType: Text,
  riskType: Text,
  riskState: Word,
  riskLevel: OptionalWord,
  riskDetail: OptionalWord,
  activity: OptionalWord,
  keyIds: z.unknown(),
  activityDateTime: z.unknown(),
  detectedDateTime: z.unknown(),
  lastUpdatedDateTime: z.unknown(),
});
type RiskDetection = z.output<typeof RiskDetection>;

export function readRiskDetection(raw: RawRecord): Normalised {
  const read = readProperties(raw, RiskDetection);
  if (!read.ok) return read.outcome;
  const subject = subjectOf(raw, read.data);
  if (subject === null) {
    const detail = "properties.servicePrincipalId is not a GUID, so no service principal is named.";
    return deadLetter(raw.record, "no-victim", detail);
  }
  // user detections carry both types, and they may differ: riskType is then the vaguer "generic"
  const riskEventType = Word.safeParse(read.data.riskEventType ?? read.data.riskType);
  if (!riskEventType.success) {
    return deadLetter(raw.record, "schema", "properties.riskEventType is missing or not an enum member.");
  }
  const detectedAt = firstTime(raw, read.data.detectedDateTime, read.data.lastUpdatedDateTime);
  const occurredAt = firstTime(raw, read.data.activityDateTime, detectedAt);
  if (detectedAt === null || occurredAt === null) return noTime(raw);
  return toEvent(raw, read.data, { subject, riskEventType: riskEventType.data, detectedAt, occurredAt });
}

interface Worked {
  readonly subject: NonNullable<ReturnType<typeof subjectOf>>;
  readonly riskEventType: string;
  readonly detectedAt: string;
  readonly occurredAt: string;
}

function toEvent(raw: RawRecord, properties: RiskDetection, worked: Worked): Normalised {
  const { subject, riskEventType, occurredAt } = worked;
  const recordId = recordIdOf(raw, [subject.servicePrincipalId, subject.appId, riskEventType, occurredAt]);
  const { correlationId, riskLevel, riskState, riskDetail, activity } = properties;
  return {
    outcome: "event",
    event: {
      type: "risk-detected",
      id: hashId(raw.category, recordId),
      category: raw.category,
      recordId,
      tenantId: raw.tenantId,
      correlationId,
      actor: unknownActor,
      claimedName: properties.servicePrincipalDisplayName,
      ...{ riskLevel, riskState, riskDetail, activity },
      ...worked,
      keyIds: keyIdsIn(properties.keyIds),
    },
  };
}

/** An id that is there and no GUID can never be resolved; where it is missing the appId alone says who is meant. */
function subjectOf(raw: RawRecord, properties: RiskDetection) {
  const servicePrincipalId = Id.parse(properties.servicePrincipalId);
  const isWrong = properties.servicePrincipalId !== null && servicePrincipalId === null;
  if (isWrong || (servicePrincipalId === null && properties.appId === null)) return null;
  return { tenantId: raw.tenantId, appId: properties.appId, servicePrincipalId, applicationObjectId: null };
}

function keyIdsIn(value: unknown): string[] {
  const list = structured(value);
  const ids = (Array.isArray(list) ? list : [list]).map(asText).filter((id) => id !== null);
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}
