/**
 * IdentityEvent: a normalised fact about one workload identity, made from one raw log record by `shared/records`.
 * An event is a claim by whoever can send to the hub, not yet a fact.
 */
import { z } from "zod";
import {
  AccountSwitched,
  AppRoleGranted,
  Consented,
  CredentialsChanged,
  DelegatedGrantAdded,
  DirectoryRoleAssigned,
  ExistenceChanged,
  FederatedCredentialsChanged,
  GroupJoined,
  OwnerAdded,
} from "./audit-events.ts";
import { eventFacts } from "./event-facts.ts";

export { CredentialDescription } from "./audit-events.ts";
export { Actor, LogCategory } from "./event-facts.ts";

/** Level and state are open sets: `hidden` means "no licence", never "none"; an unknown member is kept as written. */
const RiskLevel = z.string();
const RiskState = z.string();

export const RiskyServicePrincipalUpdated = z.object({
  ...eventFacts,
  type: z.literal("risky-service-principal-updated"),
  riskLevel: RiskLevel,
  riskState: RiskState,
  riskDetail: z.string(),
  isProcessing: z.boolean(),
});

export const RiskDetected = z.object({
  ...eventFacts,
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

/** A sign-in of the identity itself (a token request), of an application or of a managed identity. */
export const SignedIn = z.object({
  ...eventFacts,
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
  FederatedCredentialsChanged,
  AppRoleGranted,
  DelegatedGrantAdded,
  Consented,
  DirectoryRoleAssigned,
  OwnerAdded,
  GroupJoined,
  AccountSwitched,
  ExistenceChanged,
  SignedIn,
]);
export type IdentityEvent = z.infer<typeof IdentityEvent>;
export type EventType = IdentityEvent["type"];
export type EventOf<T extends EventType> = Extract<IdentityEvent, { type: T }>;

/** The sign-in error of a disabled service principal: AADSTS7000112 (Microsoft Entra error reference). */
export const disabledErrorCode = 7000112;
