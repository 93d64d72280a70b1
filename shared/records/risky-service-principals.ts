/** RiskyServicePrincipals: the summary of one service principal's risk, written anew whenever it changes. */
import { z } from "zod";
import { hashId } from "../domain/ids.ts";
import { unknownActor } from "./actor.ts";
import { asGuid, Id, OptionalWord, Text, Word } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { deadLetter, firstTime, noTime, type RawRecord, recordIdOf } from "./raw-record.ts";
import { riskSubject } from "./risk-subject.ts";
import { readProperties } from "./schema.ts";

const RiskyServicePrincipal = z.object({
  /** the service principal's object id */
  id: Text,
  servicePrincipalId: Text,
  appId: Id,
  displayName: Text,
  servicePrincipalDisplayName: Text,
  riskState: Word,
  riskLevel: OptionalWord,
  riskDetail: OptionalWord,
  isProcessing: z.unknown(),
  riskLastUpdatedDateTime: z.unknown(),
});

export function readRiskyServicePrincipal(raw: RawRecord): Normalised {
  const read = readProperties(raw, RiskyServicePrincipal);
  if (!read.ok) return read.outcome;
  const { appId, riskState, riskLevel, riskDetail, ...rest } = read.data;
  const id = rest.id ?? rest.servicePrincipalId;
  const servicePrincipalId = asGuid(rest.id) ?? asGuid(rest.servicePrincipalId);
  const claimedName = rest.displayName ?? rest.servicePrincipalDisplayName;
  const about = riskSubject(raw, { servicePrincipalId, claimedId: id, appId, claimedName });
  if (about === null) return deadLetter(raw.record, "no-victim", "The record names no service principal at all.");
  const occurredAt = firstTime(raw, rest.riskLastUpdatedDateTime);
  if (occurredAt === null) return noTime(raw);
  const recordId = servicePrincipalId ?? id ?? recordIdOf(raw, [appId, claimedName, occurredAt]);
  return {
    outcome: "event",
    event: {
      type: "risky-service-principal-updated",
      // every update of one service principal has the same record id
      id: hashId(raw.category, recordId, occurredAt, riskState, riskLevel),
      category: raw.category,
      recordId,
      tenantId: raw.tenantId,
      occurredAt,
      correlationId: null,
      actor: unknownActor,
      ...about,
      riskLevel,
      riskState,
      riskDetail,
      isProcessing: rest.isProcessing === true || rest.isProcessing === "true",
    },
  };
}
