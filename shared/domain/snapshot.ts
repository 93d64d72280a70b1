/** What Graph said about one identity at one moment, in the few fields we read. Ids lower-case. */
import { z } from "zod";
import { Guid, type IdentityKind, type IdentityRef } from "./identity.ts";

const nullable = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

export const PasswordCredential = z.object({
  keyId: Guid,
  customKeyIdentifier: nullable,
  displayName: nullable,
  /** the first three characters of the secret, as Entra shows them to everybody who may read the object */
  hint: nullable,
  startDateTime: nullable,
  endDateTime: nullable,
});
export type PasswordCredential = z.infer<typeof PasswordCredential>;

/** Unknown members are kept: a PATCH of `keyCredentials` must resend what it keeps unchanged. */
export const KeyCredential = z.looseObject({
  keyId: Guid,
  customKeyIdentifier: nullable,
  displayName: nullable,
  usage: nullable,
  type: nullable,
  startDateTime: nullable,
  endDateTime: nullable,
});
export type KeyCredential = z.infer<typeof KeyCredential>;

/** Required, since we select it: an answer without the list is unknown, not a list without entries. */
const passwords = z.array(PasswordCredential);

export const ServicePrincipal = z.object({
  id: Guid,
  appId: Guid.nullish().transform((value) => value ?? null),
  accountEnabled: z.boolean().nullable(),
  displayName: nullable,
  appOwnerOrganizationId: Guid.nullish().transform((value) => value ?? null),
  servicePrincipalType: nullable,
  signInAudience: nullable,
  preferredSingleSignOnMode: nullable,
  disabledByMicrosoftStatus: nullable,
  /** of a managed identity: `isExplicit=True|False` and its Azure resource id */
  alternativeNames: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
  /** null, or without an id: Microsoft has not verified who publishes it */
  verifiedPublisher: z
    .object({ verifiedPublisherId: nullable })
    .nullish()
    .transform((value) => value ?? null),
  /** `#microsoft.graph.agentIdentity`, `…agentIdentityBlueprintPrincipal`; null for the plain type */
  "@odata.type": nullable,
  passwordCredentials: passwords,
});
export type ServicePrincipal = z.infer<typeof ServicePrincipal>;

export const Application = z.object({
  id: Guid,
  appId: Guid,
  displayName: nullable,
  signInAudience: nullable,
  createdDateTime: nullable,
  /** `#microsoft.graph.agentIdentityBlueprint`; null for the plain type */
  "@odata.type": nullable,
  passwordCredentials: passwords,
});
export type Application = z.infer<typeof Application>;

export const AppRoleAssignment = z.object({ id: z.string(), principalType: nullable, principalId: nullable });
export const PermissionGrant = z.object({ id: z.string(), clientId: nullable });

/** From `alternativeNames` of its service principal (entra-facts §7). */
export interface ManagedIdentityFacts {
  /** true: a resource of its own, perhaps on many hosts; false: part of one host resource; null: not said */
  readonly userAssigned: boolean | null;
  /** the identity's own resource when user-assigned, the host when system-assigned */
  readonly resourceId: string | null;
}

/** An application permission that the identity holds. */
export const HeldAppRole = z.object({ id: z.string(), appRoleId: Guid, principalId: Guid, resourceId: Guid });
export type HeldAppRole = z.infer<typeof HeldAppRole>;

/** A fact is known, known to be absent (`null`), or unknown (`undefined`): unknown is not no. */
export interface IdentityFacts {
  /** epoch ms */
  readonly readAt: number;
  readonly servicePrincipal: ServicePrincipal | null | undefined;
  readonly application: Application | null | undefined;
  readonly kind: IdentityKind;
  /** the plan's ids completed by what Graph says */
  readonly identity: IdentityRef;
  /** how many of each are assigned; null when more than one page or unreadable */
  readonly assignedUsers: number | null;
  readonly clientApplications: number | null;
  readonly delegatedGrants: number | null;
  readonly managedIdentity: ManagedIdentityFacts | null;
  /** application permissions it holds; null when more than one page or unreadable */
  readonly heldAppRoles: readonly HeldAppRole[] | null;
  /** what could not be read, for people */
  readonly unread: readonly string[];
}
