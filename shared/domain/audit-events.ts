/** Events out of the audit log: what somebody changed about a workload identity. `subject` is who the change is about. */
import { z } from "zod";
import { eventFacts } from "./event-facts.ts";
import { FederatedTuple } from "./federated-tuple.ts";
import { Guid } from "./identity.ts";

/** One entry of `KeyDescription`: [KeyIdentifier=…,KeyType=…,KeyUsage=…,DisplayName=…] */
export const CredentialDescription = z.object({
  keyId: z.string(),
  keyType: z.enum(["Password", "AsymmetricX509Cert", "other"]),
  keyUsage: z.enum(["Verify", "Sign", "other"]),
  claimedName: z.string(),
});
export type CredentialDescription = z.infer<typeof CredentialDescription>;

const object = z.enum(["application", "servicePrincipal"]);
/** Null: the record names the object by nothing that can be read (see `claimedId`); what was done to it is known all the same. */
const objectId = Guid.nullable();
const countBefore = z.number().int().nullable();

export const CredentialsChanged = z.object({
  ...eventFacts,
  type: z.literal("credentials-changed"),
  /** the object that carries the credential, exactly as the record names it */
  object,
  objectId,
  added: z.array(CredentialDescription),
  removed: z.array(CredentialDescription),
  /** how many were there before; null when the record does not say (`oldValue` null means unknown, not empty) */
  before: countBefore,
  succeeded: z.boolean(),
  /** the object was created with them, in one call */
  atCreation: z.boolean().optional(),
  /** the target carries the service principal name `https://identity.azure.net/…`, which Azure gives to managed identities only */
  managedIdentityName: z.boolean().optional(),
});

export const FederatedCredentialsChanged = z.object({
  ...eventFacts,
  type: z.literal("federated-credentials-changed"),
  object,
  objectId,
  /** as sets: an issuer that was replaced is one removed and one added */
  added: z.array(FederatedTuple),
  removed: z.array(FederatedTuple),
  before: countBefore,
  /** one and the same credential, by its id or name, has another issuer than before, whatever else was changed with it */
  issuerReplaced: z.boolean().optional(),
});

export const AppRoleGranted = z.object({
  ...eventFacts,
  type: z.literal("app-role-granted"),
  /** service principal of the API whose application permission was granted; never the victim */
  resourceId: Guid,
  /** appId of that API; null: the record does not say */
  resourceAppId: Guid.nullable(),
  appRoleId: Guid.nullable(),
  value: z.string().nullable(),
});

/** One delegated grant, with the scopes that were not there before. */
export const ScopesGranted = z.object({
  resourceId: Guid,
  scopes: z.array(z.string()),
  consentType: z.enum(["AllPrincipals", "Principal"]).nullable(),
  principalId: Guid.nullable(),
});
export type ScopesGranted = z.infer<typeof ScopesGranted>;

export const DelegatedGrantAdded = z.object({
  ...eventFacts,
  type: z.literal("delegated-grant-added"),
  ...ScopesGranted.shape,
  resourceAppId: Guid.nullable(),
});

export const Consented = z.object({
  ...eventFacts,
  type: z.literal("consented"),
  onBehalfOfAll: z.boolean(),
  /** application permissions are part of it; each is also a record of its own */
  appRoles: z.boolean(),
  /** Microsoft warned that the application is risky, and the consent was given all the same */
  risky: z.boolean(),
  grants: z.array(ScopesGranted),
  /** permissions of which the record does not legibly say towards which API */
  illegibleScopes: z.array(z.string()).optional(),
});

/** Microsoft stopped a consent because the application is risky. Nothing was given. */
export const ConsentBlocked = z.object({
  ...eventFacts,
  type: z.literal("consent-blocked"),
  /** as the record says it */
  reason: z.string(),
  scopes: z.array(z.string()),
});

/** What the application's registration asks for was widened; nobody has granted it yet. */
export const PermissionsRequested = z.object({
  ...eventFacts,
  type: z.literal("permissions-requested"),
  objectId,
  added: z.array(
    z.object({
      resourceAppId: Guid,
      /** id of the application role or of the delegated scope */
      id: Guid,
      /** an application permission; false: a delegated one */
      application: z.boolean(),
    }),
  ),
});

/** A group, and with it every service principal in it, was given a directory role. The subject names nobody. */
export const GroupGivenRole = z.object({
  ...eventFacts,
  type: z.literal("group-given-role"),
  groupId: Guid,
  roleDefinitionId: Guid.nullable(),
  claimedRole: z.string().nullable(),
  directoryScopeId: z.string().nullable(),
});

export const DirectoryRoleAssigned = z.object({
  ...eventFacts,
  type: z.literal("directory-role-assigned"),
  /** template id of a built-in role, id of a custom one */
  roleDefinitionId: Guid.nullable(),
  claimedRole: z.string().nullable(),
  /** null: the record does not say */
  directoryScopeId: z.string().nullable(),
  eligible: z.boolean(),
});

export const OwnerAdded = z.object({
  ...eventFacts,
  type: z.literal("owner-added"),
  object,
  objectId,
  ownerId: Guid,
});

export const OwnerRemoved = z.object({
  ...eventFacts,
  type: z.literal("owner-removed"),
  object,
  objectId,
  ownerId: Guid.nullable(),
});

export const RedirectUrisChanged = z.object({
  ...eventFacts,
  type: z.literal("redirect-uris-changed"),
  object,
  objectId,
  added: z.array(z.string()),
  removed: z.array(z.string()),
});

/** Who may ask for tokens of the application, or by which address, was changed; only what did change is there. */
export const ExposureChanged = z.object({
  ...eventFacts,
  type: z.literal("exposure-changed"),
  object,
  objectId,
  multiTenant: z.boolean().optional(),
  identifierUrisAdded: z.array(z.string()).optional(),
  logoutUrl: z.string().optional(),
});

/** The display name was changed: `claimedName` is the new one. */
export const Renamed = z.object({
  ...eventFacts,
  type: z.literal("renamed"),
  object,
  objectId,
  before: z.string().nullable(),
});

/** Somebody told Identity Protection what to think of a service principal (confirm compromised, dismiss). */
export const RiskJudged = z.object({
  ...eventFacts,
  type: z.literal("risk-judged"),
  judgement: z.enum(["confirmed", "dismissed"]),
});

export const GroupJoined = z.object({ ...eventFacts, type: z.literal("group-joined"), groupId: Guid });

/** `accountEnabled` of a service principal was changed. */
export const AccountSwitched = z.object({ ...eventFacts, type: z.literal("account-switched"), enabled: z.boolean() });

export const ExistenceChanged = z.object({
  ...eventFacts,
  type: z.literal("existence-changed"),
  object,
  objectId,
  change: z.enum(["created", "deleted", "restored"]),
  /** deleted for good */
  hard: z.boolean().optional(),
});
