/** What Azure knows of a tenant: subscriptions, role assignments, federated credentials of managed identities, where Entra sends logs. */
import { type Collection, createCollection, type Gate } from "../tenant/collection.ts";
import type { Random } from "../tenant/random.ts";

/** How far our own identity gets in a subscription. */
export type Access = "none" | "read" | "write";

export interface Subscription {
  /** a GUID */
  readonly id: string;
  readonly displayName: string;
  readonly access: Access;
}

export interface AzureRoleAssignment {
  /** the whole resource id, in lower case */
  readonly id: string;
  readonly name: string;
  /** `/subscriptions/…`, `/subscriptions/…/resourceGroups/…`, `/`, or a management group */
  readonly scope: string;
  readonly principalId: string;
  readonly principalType: string;
  /** a resource id that ends in the role's GUID */
  readonly roleDefinitionId: string;
  readonly condition: string | null;
  readonly createdOn: string;
}

export interface IdentityFederatedCredential {
  /** the whole resource id, in lower case */
  readonly id: string;
  /** resource id of the managed identity, in lower case */
  readonly identityId: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** Of Entra, for the whole tenant. */
export interface DiagnosticSetting {
  /** the whole resource id, in lower case */
  readonly id: string;
  readonly name: string;
  readonly eventHubAuthorizationRuleId: string | null;
  readonly eventHubName: string | null;
  readonly workspaceId: string | null;
  readonly storageAccountId: string | null;
  readonly logs: readonly { readonly category: string; readonly enabled: boolean }[];
}

export interface AzureDirectory {
  /** of the first subscription, in which everything lies that names no other */
  readonly home: string;
  readonly subscriptions: Collection<Subscription>;
  readonly assignments: Collection<AzureRoleAssignment>;
  readonly federatedCredentials: Collection<IdentityFederatedCredential>;
  readonly diagnosticSettings: Collection<DiagnosticSetting>;
}

export function createAzureDirectory(gate: Gate, random: Random): AzureDirectory {
  const subscriptions = createCollection<Subscription>(gate);
  const home = random.guid();
  subscriptions.seed({ id: home, displayName: "production", access: "write" });
  return {
    ...{ home, subscriptions, assignments: createCollection(gate) },
    ...{ federatedCredentials: createCollection(gate), diagnosticSettings: createCollection(gate) },
  };
}

/** The subscription a resource id lies in; null above all subscriptions. */
export function subscriptionOf(resourceId: string): string | null {
  return /^\/subscriptions\/([^/]+)/i.exec(resourceId)?.[1]?.toLowerCase() ?? null;
}
