/**
 * IdentityEvent: a normalised fact about one workload identity, made from one raw log record by `shared/records`.
 * An event is a claim by whoever can send to the hub, not yet a fact.
 */
import { z } from "zod";
import {
  AccountSwitched,
  AppRoleGranted,
  ConsentBlocked,
  Consented,
  CredentialsChanged,
  DelegatedGrantAdded,
  DirectoryRoleAssigned,
  ExistenceChanged,
  ExposureChanged,
  FederatedCredentialsChanged,
  GroupGivenRole,
  GroupJoined,
  OwnerAdded,
  OwnerRemoved,
  PermissionsRequested,
  RedirectUrisChanged,
  Renamed,
  RiskJudged,
} from "./audit-events.ts";
import { eventFacts } from "./event-facts.ts";
import { Guid } from "./identity.ts";

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
  /** a valid address, or null: managed identities have none, and exporters write all kinds of words there */
  ipAddress: z.string().nullable(),
  /** autonomous system the address belongs to; null: not said (newer records only) */
  asn: z.number().int().nullable(),
  /** ISO 3166 alpha-2, upper case; null: not said */
  country: z.string().nullable(),
  /** appId of the API the token was asked for */
  resourceAppId: Guid.nullable(),
  resourceServicePrincipalId: z.string().nullable(),
  managedIdentity: z.boolean(),
  /** the tenant that owns the application; null: not said */
  ownerTenantId: Guid.nullable(),
  risk: z.object({
    /** the highest of what is said of this sign-in and of the identity; as written */
    level: z.string().nullable(),
    state: z.string().nullable(),
  }),
  /** Conditional Access policies, by id, that stopped this sign-in, or would have if they were not report-only */
  conditionalAccess: z.object({ blockedBy: z.array(z.string()), wouldBlock: z.array(z.string()) }),
});

/** Our own service principal changed something. Made by ingest, which looks whether the ledger explains it. */
export const OwnWrite = z.object({
  ...eventFacts,
  type: z.literal("own-write"),
  activity: z.string(),
  /** object ids it changed */
  objectIds: z.array(z.string()),
  explained: z.boolean(),
});

/** No record of this category came for longer than is usual. Made by a timer; its subject names nobody. */
export const LogSilent = z.object({
  ...eventFacts,
  type: z.literal("log-silent"),
  /** ISO 8601 UTC of the last record */
  lastAt: z.string(),
  usualGapMinutes: z.number(),
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
  ConsentBlocked,
  PermissionsRequested,
  GroupGivenRole,
  OwnerRemoved,
  RedirectUrisChanged,
  ExposureChanged,
  Renamed,
  RiskJudged,
  SignedIn,
  OwnWrite,
  LogSilent,
]);
export type IdentityEvent = z.infer<typeof IdentityEvent>;
export type EventType = IdentityEvent["type"];
export type EventOf<T extends EventType> = Extract<IdentityEvent, { type: T }>;

/** The sign-in error of a disabled service principal: AADSTS7000112 (Microsoft Entra error reference). */
export const disabledErrorCode = 7000112;
