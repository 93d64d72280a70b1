/** What each detection learned about what it saw, in the form playbooks, policy and guardrails read: one shape for each thing seen. */
import { z } from "zod";
import { PermissionsRequested, ScopesGranted } from "./audit-events.ts";
import { Actor, CredentialDescription } from "./event.ts";
import { FederatedTuple } from "./federated-tuple.ts";
import { Guid, IdentityRef } from "./identity.ts";
import { CredentialVerdict, Owner, UseReason } from "./use.ts";

export const MatchDetails = z.discriminatedUnion("about", [
  z.object({
    about: z.literal("risk"),
    /** null for the summary record of a risky service principal */
    riskEventType: z.string().nullable(),
    riskLevel: z.string(),
    riskState: z.string(),
    riskDetail: z.string(),
    keyIds: z.array(z.string()),
  }),
  z.object({
    about: z.literal("credential-added"),
    object: z.enum(["application", "servicePrincipal"]),
    /** null, here and below: the record names the object illegibly; by an appId beside it, the identity's own is meant */
    objectId: z.string().nullable(),
    added: z.array(CredentialDescription),
    removed: z.array(CredentialDescription),
    before: z.number().int().nullable(),
    /** a SAML signing set: Sign key + Verify key + password sharing an identifier */
    samlSigningSet: z.boolean(),
  }),
  z.object({
    about: z.literal("federated-credential-added"),
    /** the application object that carries them */
    objectId: Guid.nullable(),
    added: z.array(FederatedTuple),
  }),
  z.object({
    about: z.literal("app-role-granted"),
    /** service principal of the API whose application permission was granted */
    resourceId: Guid,
    /** null: the record names the permission by value alone */
    appRoleId: Guid.nullable(),
    value: z.string().nullable(),
  }),
  z.object({
    about: z.literal("delegated-grant-added"),
    resourceId: Guid,
    scopes: z.array(z.string()),
    consentType: z.enum(["AllPrincipals", "Principal"]).nullable(),
    /** the user who consented; null for everybody, or not said */
    principalId: Guid.nullable(),
  }),
  z.object({
    about: z.literal("consented"),
    onBehalfOfAll: z.boolean(),
    /** the consent gave application permissions, too */
    appRoles: z.boolean(),
    scopes: z.array(z.string()),
    /** the delegated grants it made or widened, each as one would remove it; empty: the record does not say them */
    grants: z.array(ScopesGranted).optional(),
  }),
  z.object({
    about: z.literal("directory-role-assigned"),
    /** template id of the role; null: the record names it by its name alone */
    roleDefinitionId: Guid.nullable(),
    claimedRole: z.string().nullable(),
    directoryScopeId: z.string().nullable(),
    eligible: z.boolean(),
  }),
  z.object({
    about: z.literal("owner-added"),
    object: z.enum(["application", "servicePrincipal"]),
    objectId: Guid.nullable(),
    ownerId: Guid,
  }),
  z.object({ about: z.literal("group-joined"), groupId: Guid }),
  z.object({
    /** the service principal that we had disabled was enabled again */
    about: z.literal("switched-on"),
    /** who enabled it: `actorId` of the finding is its id */
    by: Actor.shape.kind,
    /** the plan whose disable it undid, and when that was applied (ISO 8601 UTC) */
    planId: z.string(),
    containedAt: z.string(),
  }),
  z.object({
    /** a credential that was added only now was used at once */
    about: z.literal("credential-used"),
    keyId: z.string(),
    /** ISO 8601 UTC */
    addedAt: z.string(),
    usedAt: z.string(),
  }),
  z.object({
    /** the identity gave a permission, a role or a delegated grant to a service principal */
    about: z.literal("privilege-granted"),
    grantee: IdentityRef,
    /** id or name of what was given, as the record says it */
    what: z.string(),
    toItself: z.boolean(),
  }),
  z.object({ about: z.literal("permissions-requested"), added: PermissionsRequested.shape.added }),
  z.object({
    about: z.literal("group-given-role"),
    groupId: Guid,
    roleDefinitionId: Guid.nullable(),
    claimedRole: z.string().nullable(),
  }),
  z.object({ about: z.literal("consent-blocked"), reason: z.string(), scopes: z.array(z.string()) }),
  /** `imitates` is the name that its own is read as; its own is the finding's `claimedName` */
  z.object({ about: z.literal("look-alike-name"), imitates: z.string() }),
  z.object({
    about: z.literal("created"),
    object: z.enum(["application", "servicePrincipal"]),
    objectId: Guid.nullable(),
    /** how many the same actor created within the policy's minutes, this one included; null: not counted */
    together: z.number().int().nullable(),
  }),
  z.object({ about: z.literal("short-lived"), createdAt: z.string(), deletedAt: z.string(), signedIn: z.boolean() }),
  z.object({
    about: z.literal("redirect-uris-added"),
    object: z.enum(["application", "servicePrincipal"]),
    objectId: Guid.nullable(),
    added: z.array(z.string()),
  }),
  z.object({
    about: z.literal("exposure-changed"),
    multiTenant: z.boolean(),
    identifierUrisAdded: z.array(z.string()),
    logoutUrl: z.string().nullable(),
  }),
  z.object({
    about: z.literal("deleted"),
    object: z.enum(["application", "servicePrincipal"]),
    objectId: Guid.nullable(),
    hard: z.boolean(),
  }),
  z.object({
    about: z.literal("owner-removed"),
    object: z.enum(["application", "servicePrincipal"]),
    objectId: Guid.nullable(),
    ownerId: Guid.nullable(),
  }),
  z.object({
    /** Entra, or somebody, says that the risk is over */
    about: z.literal("risk-cleared"),
    riskState: z.string(),
    riskDetail: z.string(),
    /** who said so, where the audit log told it: `actorId` of the finding is its id; null: this record does not say */
    by: Actor.shape.kind.nullable(),
  }),
  z.object({
    /** what is remarkable about one token request of the identity */
    about: z.literal("signed-in"),
    ipAddress: z.string().nullable(),
    asn: z.number().int().nullable(),
    country: z.string().nullable(),
    resourceAppId: Guid.nullable(),
    credentialKeyId: z.string().nullable(),
    credentialType: z.string().nullable(),
    /** one sentence: what is new, outside or risky about it, and against what that was held */
    remark: z.string(),
  }),
  z.object({ about: z.literal("failed-sign-ins"), count: z.number().int(), minutes: z.number() }),
  z.object({ about: z.literal("unledgered-write"), activity: z.string(), objectIds: z.array(z.string()) }),
  z.object({ about: z.literal("log-silent"), lastAt: z.string(), usualGapMinutes: z.number() }),
  /** It is behind so many findings on other identities (engine/actor-burst.ts) */
  z.object({ about: z.literal("actor-burst"), findings: z.number().int() }),
  z.object({
    /** a scan found that nobody uses it; `phase` is what is due */
    about: z.literal("unused"),
    phase: z.enum(["disable", "delete"]),
    /** ISO 8601 UTC; null: no use is known */
    lastUsedAt: z.string().nullable(),
    windowDays: z.number(),
    reasons: z.array(UseReason),
    owners: z.array(Owner),
    /** ISO 8601 UTC at which Graph named them */
    ownersReadAt: z.string(),
    privileges: z.array(z.string()),
  }),
  z.object({
    /** a credential of an identity that is used: it expired, or another one is used in its place */
    about: z.literal("unused-credential"),
    credential: CredentialVerdict,
  }),
  z.object({
    /** somebody tried to sign in as what was disabled because nobody used it */
    about: z.literal("sign-of-life"),
    planId: z.string(),
    /** ISO 8601 UTC */
    disabledAt: z.string(),
    triedAt: z.string(),
  }),
  z.object({
    /** A person asked for a playbook; the word is signed with the plan. */
    about: z.literal("manual"),
    by: z.string(),
    reason: z.string(),
    playbook: z.string(),
    /** as the playbook's own schema has them */
    parameters: z.record(z.string(), z.unknown()).default({}),
    /** `observe`: a dry run */
    mode: z.enum(["observe", "approve"]).default("approve"),
  }),
]);
export type MatchDetails = z.infer<typeof MatchDetails>;
