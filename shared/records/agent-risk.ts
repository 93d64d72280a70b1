/**
 * RiskyAgents and AgentRiskEvents: what Identity Protection says of agents. The same events as of other service principals, since
 * an agent identity and a blueprint's principal are some; an agent's user is a user, and nothing of ours (entra-facts §1.9, §5.2).
 */
import { z } from "zod";
import { hashId } from "../domain/ids.ts";
import { unknownActor } from "./actor.ts";
import { asGuid, OptionalWord, Text, Word } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { deadLetter, firstTime, noTime, type RawRecord, recordIdOf } from "./raw-record.ts";
import { riskSubject } from "./risk-subject.ts";
import { readProperties } from "./schema.ts";
import type { About } from "./victim.ts";

const named = {
  /** `identityId` and `displayName` take the place of the other two, which Graph gives up */
  identityId: Text,
  agentId: Text,
  displayName: Text,
  agentDisplayName: Text,
  identityType: OptionalWord,
  riskState: Word,
  riskLevel: OptionalWord,
  riskDetail: OptionalWord,
};

const RiskyAgent = z.object({
  ...named,
  /** of a summary: the agent's object id */
  id: Text,
  isProcessing: z.unknown(),
  riskLastModifiedDateTime: z.unknown(),
  riskLastUpdatedDateTime: z.unknown(),
});

const AgentRiskDetection = z.object({
  ...named,
  riskEventType: Word,
  activityDateTime: z.unknown(),
  detectedDateTime: z.unknown(),
  lastModifiedDateTime: z.unknown(),
});

/** `unknown`: the record does not say; the writer looks what it is before anything is done. */
const ours = new Set(["agentidentity", "agentidentityblueprintprincipal", "unknown"]);

/** Whom it is about, or why nobody of ours. An agent has no appId of its own that a record would carry: the writer looks it up. */
function agentIn(raw: RawRecord, read: z.output<z.ZodObject<typeof named>>, ownId: string | null): About | Normalised {
  if (!ours.has(read.identityType.toLowerCase())) return { outcome: "ignored", reason: "no-service-principal" };
  const servicePrincipalId = asGuid(read.identityId) ?? asGuid(read.agentId) ?? asGuid(ownId);
  const claimedId = read.identityId ?? read.agentId ?? ownId;
  const claimedName = read.displayName ?? read.agentDisplayName;
  const about = riskSubject(raw, { servicePrincipalId, claimedId, appId: null, claimedName });
  return about ?? deadLetter(raw.record, "no-victim", "The record names no agent at all.");
}

function factsOf({ category, tenantId }: RawRecord, about: About) {
  return { category, tenantId, correlationId: null, actor: unknownActor, ...about };
}

/** What stands for the agent in ids of records that have none. */
function idOf({ subject, claimedId, claimedName }: About): string {
  return subject.servicePrincipalId ?? claimedId ?? claimedName ?? "";
}

export function readRiskyAgent(raw: RawRecord): Normalised {
  const read = readProperties(raw, RiskyAgent);
  if (!read.ok) return read.outcome;
  const agent = agentIn(raw, read.data, read.data.id);
  if ("outcome" in agent) return agent;
  const { riskState, riskLevel, riskDetail, isProcessing } = read.data;
  const occurredAt = firstTime(raw, read.data.riskLastModifiedDateTime, read.data.riskLastUpdatedDateTime);
  if (occurredAt === null) return noTime(raw);
  const recordId = idOf(agent);
  return {
    outcome: "event",
    event: {
      type: "risky-service-principal-updated",
      id: hashId(raw.category, recordId, occurredAt, riskState, riskLevel),
      recordId,
      occurredAt,
      ...factsOf(raw, agent),
      ...{ riskState, riskLevel, riskDetail },
      isProcessing: isProcessing === true || isProcessing === "true",
    },
  };
}

export function readAgentRiskDetection(raw: RawRecord): Normalised {
  const read = readProperties(raw, AgentRiskDetection);
  if (!read.ok) return read.outcome;
  const agent = agentIn(raw, read.data, null);
  if ("outcome" in agent) return agent;
  const { riskEventType, riskState, riskLevel, riskDetail } = read.data;
  const detectedAt = firstTime(raw, read.data.detectedDateTime, read.data.lastModifiedDateTime);
  const occurredAt = firstTime(raw, read.data.activityDateTime, detectedAt);
  if (detectedAt === null || occurredAt === null) return noTime(raw);
  const recordId = recordIdOf(raw, [idOf(agent), riskEventType, occurredAt]);
  return {
    outcome: "event",
    event: {
      type: "risk-detected",
      id: hashId(raw.category, recordId),
      recordId,
      ...factsOf(raw, agent),
      ...{ riskEventType, riskState, riskLevel, riskDetail, detectedAt, occurredAt },
      activity: "unknown",
      keyIds: [],
    },
  };
}
