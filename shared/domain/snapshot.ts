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
  passwordCredentials: passwords,
});
export type ServicePrincipal = z.infer<typeof ServicePrincipal>;

export const Application = z.object({
  id: Guid,
  appId: Guid,
  displayName: nullable,
  signInAudience: nullable,
  createdDateTime: nullable,
  passwordCredentials: passwords,
});
export type Application = z.infer<typeof Application>;

export const AppRoleAssignment = z.object({ id: z.string(), principalType: nullable, principalId: nullable });
export const PermissionGrant = z.object({ id: z.string(), clientId: nullable });

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
  /** what could not be read, for people */
  readonly unread: readonly string[];
}
