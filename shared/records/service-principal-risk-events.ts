/** ServicePrincipalRiskEvents: one risk detection of Identity Protection. */
import { z } from "zod";
import { hashId } from "../domain/ids.ts";
import { unknownActor } from "./actor.ts";
import { asGuid, asText, Id, OptionalWord, structured, Text, Word } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { deadLetter, firstTime, noTime, type RawRecord, recordIdOf } from "./raw-record.ts";
import { riskSubject } from "./risk-subject.ts";
import { readProperties } from "./schema.ts";
import type { About } from "./victim.ts";

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
  const { servicePrincipalId: claimedId, appId, servicePrincipalDisplayName: claimedName } = read.data;
  const about = riskSubject(raw, { servicePrincipalId: asGuid(claimedId), claimedId, appId, claimedName });
  if (about === null) return deadLetter(raw.record, "no-victim", "The record names no service principal at all.");
  // user detections carry both types, and they may differ: riskType is then the vaguer "generic"
  const riskEventType = Word.safeParse(read.data.riskEventType ?? read.data.riskType);
  if (!riskEventType.success) {
    return deadLetter(raw.record, "schema", "properties.riskEventType is missing or not an enum member.");
  }
  const detectedAt = firstTime(raw, read.data.detectedDateTime, read.data.lastUpdatedDateTime);
  const occurredAt = firstTime(raw, read.data.activityDateTime, detectedAt);
  if (detectedAt === null || occurredAt === null) return noTime(raw);
  return toEvent(raw, read.data, { about, riskEventType: riskEventType.data, detectedAt, occurredAt });
}

interface Worked {
  readonly about: About;
  readonly riskEventType: string;
  readonly detectedAt: string;
  readonly occurredAt: string;
}

function toEvent(raw: RawRecord, properties: RiskDetection, worked: Worked): Normalised {
  const { about, ...known } = worked;
  const id = about.subject.servicePrincipalId ?? about.claimedId ?? null;
  const recordId = recordIdOf(raw, [id, about.subject.appId, known.riskEventType, known.occurredAt]);
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
      ...{ riskLevel, riskState, riskDetail, activity },
      ...known,
      ...about,
      keyIds: keyIdsIn(properties.keyIds),
    },
  };
}

function keyIdsIn(value: unknown): string[] {
  const list = structured(value);
  const ids = (Array.isArray(list) ? list : [list]).map(asText).filter((id) => id !== null);
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}
