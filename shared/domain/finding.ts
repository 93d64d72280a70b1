/** A detection's positive answer, kept: what was seen on which identity, and the evidence a plan may stand on. */
import { z } from "zod";
import { CredentialDescription, LogCategory } from "./event.ts";
import { IdentityRef } from "./identity.ts";
import { Ceiling } from "./mode.ts";

export const Severity = z.enum(["informational", "low", "medium", "high", "critical"]);
export type Severity = z.infer<typeof Severity>;

const severityOrder: Record<Severity, number> = { informational: 0, low: 1, medium: 2, high: 3, critical: 4 };

export function highestSeverity(a: Severity, b: Severity): Severity {
  return severityOrder[a] >= severityOrder[b] ? a : b;
}

/** What the detection learned, in the form playbooks, policy and guardrails read. */
export const MatchDetails = z.discriminatedUnion("about", [
  z.object({
    about: z.literal("risk"),
    /** null for the summary record of a risky service principal */
    riskEventType: z.string().nullable(),
    riskLevel: z.string(),
    riskState: z.string(),
    riskDetail: z.string(),
    keyIds: z.array(z.string()),
  }),
  z.object({
    about: z.literal("credential-added"),
    object: z.enum(["application", "servicePrincipal"]),
    objectId: z.string(),
    added: z.array(CredentialDescription),
    removed: z.array(CredentialDescription),
    before: z.number().int().nullable(),
    /** a SAML signing set: Sign key + Verify key + password sharing an identifier */
    samlSigningSet: z.boolean(),
  }),
]);
export type MatchDetails = z.infer<typeof MatchDetails>;

/** What a detection answers. `dedupeBy` names the thing seen, so that the same thing seen twice is one finding. */
export interface Match {
  readonly title: string;
  readonly severity?: Severity;
  readonly dedupeBy: string;
  readonly details: MatchDetails;
}

export const Finding = z.object({
  id: z.string(),
  detection: z.string(),
  severity: Severity,
  ceiling: Ceiling,
  title: z.string(),
  subject: IdentityRef,
  claimedName: z.string().nullable(),
  /** workload or user that did it, as the record claims */
  actorId: z.string().nullable(),
  /** names the thing seen, within detection and identity */
  dedupeBy: z.string(),
  details: MatchDetails,
  /** the warrant: the record this stands on, where Graph keeps its own copy, and when it happened and was raised */
  warrant: z.object({
    category: LogCategory,
    recordId: z.string(),
    correlationId: z.string().nullable(),
    /** ISO 8601 UTC, the suspected activity */
    activityAt: z.string(),
    /** ISO 8601 UTC, when the source raised it */
    raisedAt: z.string(),
  }),
  /** ISO 8601 UTC, when we received it */
  receivedAt: z.string(),
});
export type Finding = z.infer<typeof Finding>;
