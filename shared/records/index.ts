/** One raw record in; an event, a counted reason to ignore it, or a dead letter out. */
import type { LogCategory } from "../domain/event.ts";
import { readAgentRiskDetection, readRiskyAgent } from "./agent-risk.ts";
import { readAuditLog } from "./audit-logs.ts";
import { isFields } from "./fields.ts";
import { readManagedIdentitySignIn } from "./managed-identity-sign-ins.ts";
import type { Normalised } from "./normaliser.ts";
import { deadLetter, isTenant, type ReadRecord, rawRecord, setAside, tenantOfRecord } from "./raw-record.ts";
import { relevance } from "./relevance.ts";
import { readRiskyServicePrincipal } from "./risky-service-principals.ts";
import { readRiskDetection } from "./service-principal-risk-events.ts";
import { readServicePrincipalSignIn } from "./service-principal-sign-ins.ts";

export { openEnvelope } from "./envelope.ts";
export type { Normalised } from "./normaliser.ts";

const readers: Readonly<Record<LogCategory, ReadRecord>> = {
  AuditLogs: readAuditLog,
  RiskyServicePrincipals: readRiskyServicePrincipal,
  ServicePrincipalRiskEvents: readRiskDetection,
  RiskyAgents: readRiskyAgent,
  AgentRiskEvents: readAgentRiskDetection,
  ServicePrincipalSignInLogs: readServicePrincipalSignIn,
  ManagedIdentitySignInLogs: readManagedIdentitySignIn,
};

/** `tenantId` is ours: a record of another tenant becomes a dead letter, however it got into our hub. Never throws. */
export function normalise(record: unknown, tenantId: string): Normalised {
  if (!isFields(record)) {
    const detail = "A record must be a JSON object; find out what else sends to this hub.";
    return { outcome: "dead-letter", letter: { reason: "not-an-object", detail, category: null, recordId: null } };
  }
  try {
    const judged = relevance(record);
    if (judged.verdict === "ignore") return { outcome: "ignored", reason: judged.reason };
    if (judged.verdict === "unreadable") return deadLetter(record, "schema", judged.detail);
    const named = tenantOfRecord(record);
    if (named === null)
      return deadLetter(record, "no-tenant", "The record names no tenant, so it cannot be taken as ours.");
    if (!isTenant(tenantId, named)) {
      const detail = `The record is of another tenant than ${tenantId}; check which diagnostic setting sends to this hub.`;
      return deadLetter(record, "other-tenant", detail);
    }
    return readers[judged.category](rawRecord(record, judged.category, judged.operation, named));
  } catch (error) {
    return setAside(record, error);
  }
}
