/** What every event has, whatever it tells of. */
import { z } from "zod";
import { Guid, IdentityRef } from "./identity.ts";

export const LogCategory = z.enum([
  "AuditLogs",
  "RiskyServicePrincipals",
  "ServicePrincipalRiskEvents",
  "RiskyAgents",
  "AgentRiskEvents",
  "ServicePrincipalSignInLogs",
  "ManagedIdentitySignInLogs",
]);
export type LogCategory = z.infer<typeof LogCategory>;

/** Who did it. `initiatedBy.app.appId` is commonly null, so a workload is known by its service principal id. */
export const Actor = z.object({
  kind: z.enum(["user", "workload", "unknown"]),
  /** user object id, or service principal object id; null where the record names none */
  id: z.string().nullable(),
  appId: z.string().nullable(),
  /** attacker-chosen text: shown quoted, never matched on alone */
  claimedName: z.string().nullable(),
});
export type Actor = z.infer<typeof Actor>;

export const eventFacts = {
  /** hash of category and the record's own id: the same record gives the same id */
  id: z.string(),
  category: LogCategory,
  /** the record's own id as Graph knows it (`properties.id`), by which Graph's own copy is found */
  recordId: z.string(),
  tenantId: Guid,
  /** ISO 8601 UTC: when it happened, as the record claims */
  occurredAt: z.string(),
  correlationId: z.string().nullable(),
  actor: Actor,
  /** who it is about; without any id where the record names none that can be read (`claimedId`), or none at all */
  subject: IdentityRef,
  /** what the record writes where a victim's id should be, masked or malformed: shown quoted, never matched on */
  claimedId: z.string().optional(),
  /** the display name as the record claims it */
  claimedName: z.string().nullable(),
};
