/** Objects around a service principal that an attacker can hold on to, in the shape in which Microsoft Graph writes them. */

export interface FederatedCredential {
  readonly id: string;
  /** object id of the application it is on; never shown */
  readonly applicationId: string;
  readonly name: string;
  readonly issuer: string;
  /** null when an expression stands in its place */
  readonly subject: string | null;
  readonly description: string | null;
  readonly audiences: readonly string[];
  /** beta only */
  readonly claimsMatchingExpression: { readonly value: string; readonly languageVersion: number } | null;
}

export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly createdDateTime: string;
  readonly deletedDateTime: string | null;
  readonly groupTypes: readonly string[];
  readonly isAssignableToRole: boolean | null;
  readonly mailEnabled: boolean;
  readonly mailNickname: string;
  readonly securityEnabled: boolean;
}

/** One member of one group. */
export interface Membership {
  readonly id: string;
  readonly groupId: string;
  readonly memberId: string;
}

export interface User {
  readonly id: string;
  readonly "@odata.type"?: string;
  readonly accountEnabled: boolean;
  readonly createdDateTime: string;
  readonly deletedDateTime: string | null;
  readonly displayName: string;
  readonly userPrincipalName: string;
  /** of an agent user: the agent identity it belongs to */
  readonly identityParentId?: string | null;
}

/** An application registered in another tenant, as far as this tenant could instantiate it. */
export interface ForeignApplication {
  readonly appId: string;
  readonly displayName: string;
  readonly ownerTenantId: string;
  readonly verifiedPublisher: VerifiedPublisher | null;
  /** key ids of the secrets that it has at home, where this tenant cannot see them */
  readonly secretIds: readonly string[];
}

export interface VerifiedPublisher {
  readonly displayName: string;
  readonly verifiedPublisherId: string;
  readonly addedDateTime: string;
}

export interface AppRole {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
  readonly description: string;
  readonly allowedMemberTypes: readonly string[];
  readonly isEnabled: boolean;
}

export type AgentIdentityType = "agentIdentity" | "agentUser" | "agentIdentityBlueprintPrincipal";

export interface RiskyAgent {
  readonly id: string;
  readonly agentDisplayName: string;
  readonly blueprintId: string | null;
  readonly identityType: AgentIdentityType;
  readonly isDeleted: boolean;
  readonly isEnabled: boolean;
  readonly isProcessing: boolean;
  readonly riskDetail: string;
  readonly riskLastModifiedDateTime: string;
  readonly riskLevel: string;
  readonly riskState: string;
}

export interface AgentRiskDetection {
  readonly id: string;
  readonly activityDateTime: string;
  readonly additionalInfo: string | null;
  readonly agentDisplayName: string;
  readonly agentId: string;
  readonly blueprintId: string | null;
  readonly detectedDateTime: string;
  readonly detectionTimingType: string;
  readonly displayName: string;
  readonly identityId: string;
  readonly identityType: AgentIdentityType;
  readonly lastModifiedDateTime: string;
  readonly riskDetail: string;
  readonly riskEventType: string;
  readonly riskEvidence: string | null;
  readonly riskLevel: string;
  readonly riskState: string;
  readonly source: string;
}
