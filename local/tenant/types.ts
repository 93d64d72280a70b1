/** The objects of the tenant twin, in the shape in which Microsoft Graph writes them. */
import type { AppRole, VerifiedPublisher } from "./foothold-types.ts";

export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly hint: string | null;
  readonly secretText: null;
  readonly customKeyIdentifier: string | null;
}

export interface KeyCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly type: string;
  /** `Verify` is a client credential, `Sign` a SAML signing key */
  readonly usage: string;
  readonly customKeyIdentifier: string | null;
  /** base64 */
  readonly key: string | null;
}

/** What servicePrincipal and application have in common here. */
export interface CredentialHolder {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly passwordCredentials: readonly PasswordCredential[];
  readonly keyCredentials: readonly KeyCredential[];
}

export interface ServicePrincipal extends CredentialHolder {
  /** written for derived types only: agent identities and their blueprint principals */
  readonly "@odata.type"?: string;
  /** of an agent identity: appId of its blueprint */
  readonly agentIdentityBlueprintId?: string;
  /** of an agent identity; other service principals have no date */
  readonly createdDateTime?: string;
  readonly accountEnabled: boolean;
  readonly alternativeNames: readonly string[];
  readonly appDisplayName: string | null;
  readonly appOwnerOrganizationId: string | null;
  readonly appRoleAssignmentRequired: boolean;
  readonly appRoles: readonly AppRole[];
  /** shown only where `$select` names it */
  readonly customSecurityAttributes: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly deletedDateTime: string | null;
  readonly disabledByMicrosoftStatus: string | null;
  /** mirrors the application's */
  readonly isDisabled: boolean | null;
  readonly loginUrl: string | null;
  readonly preferredSingleSignOnMode: string | null;
  readonly replyUrls: readonly string[];
  readonly servicePrincipalNames: readonly string[];
  readonly servicePrincipalType: "Application" | "ManagedIdentity" | "Legacy" | "SocialIdp" | "ServiceIdentity";
  readonly signInAudience: string | null;
  readonly tags: readonly string[];
  readonly verifiedPublisher: VerifiedPublisher | null;
}

export interface Application extends CredentialHolder {
  /** written for agent blueprints only */
  readonly "@odata.type"?: string;
  readonly createdDateTime: string;
  readonly deletedDateTime: string | null;
  readonly isDisabled: boolean | null;
  readonly publisherDomain: string;
  readonly signInAudience: string;
  readonly tags: readonly string[];
  readonly verifiedPublisher: VerifiedPublisher | null;
  readonly web: { readonly redirectUris: readonly string[] };
}

export interface AppRoleAssignment {
  readonly id: string;
  readonly appRoleId: string;
  readonly createdDateTime: string;
  readonly principalDisplayName: string;
  readonly principalId: string;
  readonly principalType: "User" | "Group" | "ServicePrincipal";
  readonly resourceDisplayName: string;
  readonly resourceId: string;
}

export interface PermissionGrant {
  readonly id: string;
  readonly clientId: string;
  readonly consentType: "AllPrincipals" | "Principal";
  readonly principalId: string | null;
  readonly resourceId: string;
  readonly scope: string;
}

/** One owner of one object; `object` is what Graph lists. */
export interface Ownership {
  readonly id: string;
  readonly ownedId: string;
  readonly object: Readonly<Record<string, unknown>> & { readonly id: string };
}

export interface RiskyServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly isEnabled: boolean;
  readonly isProcessing: boolean;
  readonly riskDetail: string;
  readonly riskLastUpdatedDateTime: string;
  readonly riskLevel: string;
  readonly riskState: string;
  readonly servicePrincipalType: string;
}

export interface RiskDetection {
  readonly id: string;
  readonly activity: string;
  readonly activityDateTime: string;
  readonly additionalInfo: string;
  readonly appId: string;
  readonly correlationId: string | null;
  readonly detectedDateTime: string;
  readonly detectionTimingType: string;
  readonly ipAddress: string | null;
  readonly keyIds: readonly string[];
  readonly lastUpdatedDateTime: string;
  readonly location: null;
  readonly requestId: string | null;
  readonly riskDetail: string;
  readonly riskEventType: string;
  readonly riskLevel: string;
  readonly riskState: string;
  readonly servicePrincipalDisplayName: string;
  readonly servicePrincipalId: string;
  readonly source: string;
  readonly tokenIssuerType: string;
}

/** Who does something in the tenant. A workload is told by its service principal id: `appId` is null in audit records. */
export type Actor =
  | { readonly kind: "user"; readonly id: string; readonly userPrincipalName: string; readonly ipAddress: string }
  | { readonly kind: "app"; readonly servicePrincipalId: string; readonly appId: string; readonly displayName: string };

export type Hub = "entra-audit" | "entra-risk" | "entra-sign-ins";
export type LogCategory =
  | "AuditLogs"
  | "RiskyServicePrincipals"
  | "ServicePrincipalRiskEvents"
  | "RiskyAgents"
  | "AgentRiskEvents"
  | "ServicePrincipalSignInLogs"
  | "ManagedIdentitySignInLogs";

/** Quota lanes, as Microsoft Graph counts them; `batch` is the envelope itself, which costs nothing. */
export type Lane =
  | "directory"
  | "directory-write"
  | "identity-protection"
  | "reports"
  | "key-credentials"
  | "azure"
  | "batch";

export type LogRecord = Readonly<Record<string, unknown>>;
