/** A detection's positive answer, kept: what was seen on which identity, and the evidence a plan may stand on. */
import { z } from "zod";
import { ScopesGranted } from "./audit-events.ts";
import { Actor, CredentialDescription, LogCategory } from "./event.ts";
import { FederatedTuple } from "./federated-tuple.ts";
import { Guid, IdentityRef } from "./identity.ts";
import { Ceiling } from "./mode.ts";

export { FederatedTuple } from "./federated-tuple.ts";

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
  z.object({
    about: z.literal("federated-credential-added"),
    /** the application object that carries them */
    objectId: Guid,
    added: z.array(FederatedTuple),
  }),
  z.object({
    about: z.literal("app-role-granted"),
    /** service principal of the API whose application permission was granted */
    resourceId: Guid,
    /** null: the record names the permission by value alone */
    appRoleId: Guid.nullable(),
    value: z.string().nullable(),
  }),
  z.object({
    about: z.literal("delegated-grant-added"),
    resourceId: Guid,
    scopes: z.array(z.string()),
    consentType: z.enum(["AllPrincipals", "Principal"]).nullable(),
    /** the user who consented; null for everybody, or not said */
    principalId: Guid.nullable(),
  }),
  z.object({
    about: z.literal("consented"),
    onBehalfOfAll: z.boolean(),
    /** the consent gave application permissions, too */
    appRoles: z.boolean(),
    scopes: z.array(z.string()),
    /** the delegated grants it made or widened, each as one would remove it; empty: the record does not say them */
    grants: z.array(ScopesGranted).optional(),
  }),
  z.object({
    about: z.literal("directory-role-assigned"),
    /** template id of the role; null: the record names it by its name alone */
    roleDefinitionId: Guid.nullable(),
    claimedRole: z.string().nullable(),
    directoryScopeId: z.string().nullable(),
    eligible: z.boolean(),
  }),
  z.object({
    about: z.literal("owner-added"),
    object: z.enum(["application", "servicePrincipal"]),
    objectId: Guid,
    ownerId: Guid,
  }),
  z.object({ about: z.literal("group-joined"), groupId: Guid }),
  z.object({
    /** the service principal that we had disabled was enabled again */
    about: z.literal("switched-on"),
    /** who enabled it: `actorId` of the finding is its id */
    by: Actor.shape.kind,
    /** the plan whose disable it undid, and when that was applied (ISO 8601 UTC) */
    planId: z.string(),
    containedAt: z.string(),
  }),
  /** It is behind so many findings on other identities (engine/actor-burst.ts) */
  z.object({ about: z.literal("actor-burst"), findings: z.number().int() }),
  z.object({
    /** A person asked for a playbook; the word is signed with the plan. */
    about: z.literal("manual"),
    by: z.string(),
    reason: z.string(),
    playbook: z.string(),
  }),
]);
export type MatchDetails = z.infer<typeof MatchDetails>;

/** What a detection answers. `dedupeBy` names the thing seen, so that the same thing seen twice is one finding. */
export interface Match {
  readonly title: string;
  readonly severity?: Severity;
  /** where this match may cause less than the detection's own ceiling */
  readonly ceiling?: Ceiling;
  readonly dedupeBy: string;
  readonly details: MatchDetails;
}

const WarrantSource = z.enum([...LogCategory.options, "Manual"]);

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
    /** the log it came from; `Manual`: a person's signed request */
    category: WarrantSource,
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
