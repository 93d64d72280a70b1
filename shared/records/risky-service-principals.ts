/** RiskyServicePrincipals: the summary of one service principal's risk, written anew whenever it changes. */
import { z } from "zod";
import { hashId } from "../domain/ids.ts";
import { unknownActor } from "./actor.ts";
import { asGuid, Id, OptionalWord, Text, Word } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { deadLetter, firstTime, noTime, type RawRecord } from "./raw-record.ts";
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
  const servicePrincipalId = asGuid(rest.id) ?? asGuid(rest.servicePrincipalId);
  if (servicePrincipalId === null) {
    return deadLetter(raw.record, "no-victim", "properties.id is not a GUID, so no service principal is named.");
  }
  const occurredAt = firstTime(raw, rest.riskLastUpdatedDateTime);
  if (occurredAt === null) return noTime(raw);
  return {
    outcome: "event",
    event: {
      type: "risky-service-principal-updated",
      // every update of one service principal has the same record id
      id: hashId(raw.category, servicePrincipalId, occurredAt, riskState, riskLevel),
      category: raw.category,
      recordId: servicePrincipalId,
      tenantId: raw.tenantId,
      occurredAt,
      correlationId: null,
      actor: unknownActor,
      subject: { tenantId: raw.tenantId, appId, servicePrincipalId, applicationObjectId: null },
      claimedName: rest.displayName ?? rest.servicePrincipalDisplayName,
      riskLevel,
      riskState,
      riskDetail,
      isProcessing: rest.isProcessing === true || rest.isProcessing === "true",
    },
  };
}
