/** What the double of Graph and Azure holds beside its service principals and applications: one shape an entry. */

export interface AppRoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly resourceId: string;
  readonly appRoleId: string;
}

export interface Grant {
  readonly id: string;
  /** object id of the client's service principal */
  readonly clientId: string;
  readonly resourceId: string;
  readonly consentType: string;
  readonly principalId: string | null;
  readonly scope: string | null;
}

export interface FederatedCredential {
  readonly id: string;
  readonly applicationId: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string | null;
  readonly audiences: readonly string[];
  readonly description: string | null;
  readonly claimsMatchingExpression: { readonly value: string; readonly languageVersion: number } | null;
}

export interface Ownership {
  readonly collection: "applications" | "servicePrincipals" | "groups";
  readonly objectId: string;
  readonly ownerId: string;
}

export interface Group {
  readonly id: string;
  /** Graph's type of it: `group`, `directoryRole`, `administrativeUnit` */
  readonly type: string;
  /** null, as Graph answers for most groups; and for every member of one that the reader may not see */
  readonly isAssignableToRole: boolean | null;
  readonly securityEnabled: boolean | null;
  readonly members: string[];
}

export interface Schedule {
  readonly startDateTime: string | null;
  readonly expiration: { readonly type: string; readonly endDateTime: string | null; readonly duration: string | null };
}

export interface DirectoryRole {
  readonly id: string;
  readonly kind: "active" | "eligible";
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string | null;
  readonly appScopeId: string | null;
  readonly scheduleInfo: Schedule;
  /** false: an active one that has not begun */
  readonly isRunning: boolean;
}

export interface AzureRoleAssignment {
  readonly id: string;
  readonly properties: {
    readonly principalId: string;
    readonly roleDefinitionId: string;
    readonly [more: string]: unknown;
  };
}

export interface AzureFederatedCredential {
  readonly id: string;
  readonly name: string;
  readonly properties: { readonly issuer: string; readonly subject: string; readonly audiences: readonly string[] };
}

export interface AzureSubscription {
  readonly subscriptionId: string;
  readonly state: string;
}

export interface AzureIdentity {
  readonly id: string;
  readonly properties: { readonly principalId: string };
}
