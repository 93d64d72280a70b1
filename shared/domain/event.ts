/**
 * IdentityEvent: a normalised fact about one workload identity, made from one raw log record by `shared/records`.
 * An event is a claim by whoever can send to the hub, not yet a fact.
 */
import { z } from "zod";
import { Guid, IdentityRef } from "./identity.ts";

export const LogCategory = z.enum([
  "AuditLogs",
  "RiskyServicePrincipals",
  "ServicePrincipalRiskEvents",
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

const facts = {
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
  subject: IdentityRef,
  /** the display name as the record claims it */
  claimedName: z.string().nullable(),
};

/** Level and state are open sets: `hidden` means "no licence", never "none"; an unknown member is kept as written. */
const RiskLevel = z.string();
const RiskState = z.string();

export const RiskyServicePrincipalUpdated = z.object({
  ...facts,
  type: z.literal("risky-service-principal-updated"),
  riskLevel: RiskLevel,
  riskState: RiskState,
  riskDetail: z.string(),
  isProcessing: z.boolean(),
});

export const RiskDetected = z.object({
  ...facts,
  type: z.literal("risk-detected"),
  riskEventType: z.string(),
  riskLevel: RiskLevel,
  riskState: RiskState,
  riskDetail: z.string(),
  /** `signin`, `servicePrincipal`, or as written */
  activity: z.string(),
  /** ISO 8601 UTC, when Identity Protection raised it (occurredAt is the activity's own time where known) */
  detectedAt: z.string(),
  /** credentials involved, lower-case GUIDs */
  keyIds: z.array(z.string()),
});

/** One entry of `KeyDescription`: [KeyIdentifier=…,KeyType=…,KeyUsage=…,DisplayName=…] */
export const CredentialDescription = z.object({
  keyId: z.string(),
  keyType: z.enum(["Password", "AsymmetricX509Cert", "other"]),
  keyUsage: z.enum(["Verify", "Sign", "other"]),
  claimedName: z.string(),
});
export type CredentialDescription = z.infer<typeof CredentialDescription>;

export const CredentialsChanged = z.object({
  ...facts,
  type: z.literal("credentials-changed"),
  /** the object that carries the credential, exactly as the record names it */
  object: z.enum(["application", "servicePrincipal"]),
  objectId: Guid,
  added: z.array(CredentialDescription),
  removed: z.array(CredentialDescription),
  /** how many were there before; null when the record does not say (`oldValue` null means unknown, not empty) */
  before: z.number().int().nullable(),
  succeeded: z.boolean(),
  /** the target carries the service principal name `https://identity.azure.net/…`, which Azure gives to managed identities only */
  managedIdentityName: z.boolean().optional(),
});

/** A sign-in of the identity itself (a token request), of an application or of a managed identity. */
export const SignedIn = z.object({
  ...facts,
  type: z.literal("signed-in"),
  /** 0 is success; 7000112 says the service principal is disabled */
  errorCode: z.number().int(),
  credentialKeyId: z.string().nullable(),
  credentialType: z.string().nullable(),
  ipAddress: z.string().nullable(),
  resourceServicePrincipalId: z.string().nullable(),
  managedIdentity: z.boolean(),
});

export const IdentityEvent = z.discriminatedUnion("type", [
  RiskyServicePrincipalUpdated,
  RiskDetected,
  CredentialsChanged,
  SignedIn,
]);
export type IdentityEvent = z.infer<typeof IdentityEvent>;
export type EventType = IdentityEvent["type"];
export type EventOf<T extends EventType> = Extract<IdentityEvent, { type: T }>;

/** The sign-in error of a disabled service principal: AADSTS7000112 (Microsoft Entra error reference). */
export const disabledErrorCode = 7000112;
