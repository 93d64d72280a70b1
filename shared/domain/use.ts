/**
 * Is it used? What is known of the use of one identity, and what that comes to. Times are epoch ms; null is known to be absent, undefined
 * is not known, and what is not known never counts as unused.
 */
import { z } from "zod";
import { Guid, IdentityKind, IdentityRef } from "./identity.ts";

/** The five activities of `servicePrincipalSignInActivity`, and the latest of any (beta; keyed by appId, entra-facts §1.6). */
export interface ReportedUse {
  readonly latest: number | null;
  /** it asked for tokens: for itself, or for a signed-in user */
  readonly asClient: number | null;
  readonly forUsers: number | null;
  /** others asked for tokens for it: for themselves, or for signed-in users */
  readonly asResource: number | null;
  readonly asResourceForUsers: number | null;
}

/** Sign-ins of workloads that came over our own hub: the second, independent signal. It sees no sign-in of users. */
export interface SeenUse {
  /** when our unbroken watch of the sign-in logs began; null: there is none now */
  readonly watchedSince: number | null;
  readonly lastSuccess: number | null;
  /** the longest quiet time between two successes */
  readonly longestGapMs: number | null;
  /** since when scans remember the use of this identity, night by night; null, or not said: they do not */
  readonly rememberedSince?: number | null;
}

export interface CredentialFacts {
  readonly keyId: string;
  readonly object: "application" | "servicePrincipal";
  readonly type: "secret" | "certificate";
  readonly createdAt: number | null;
  readonly expiresAt: number | null;
  /** of `appCredentialSignInActivities`; undefined: no row, hence not known */
  readonly lastUsedAt: number | undefined;
  /** part of a set that signs tokens (`domain/saml-signing.ts`): no client's credential, and never proposed */
  readonly signing?: boolean | undefined;
}

/** What people said about it at run time, or the policy's `retire.holds` says. */
export interface Held {
  readonly until: number;
  readonly reason: string;
  readonly by: string;
}

export interface UseFacts {
  readonly now: number;
  readonly identity: IdentityRef;
  readonly kind: IdentityKind;
  readonly claimedName: string | null;
  /** `accountEnabled` of its service principal; null: it has none here */
  readonly enabled: boolean | null | undefined;
  /** the application's createdDateTime; of what has no application here, our first sighting */
  readonly createdAt: number | undefined;
  readonly ssoMode: string | null | undefined;
  readonly loginUrl: string | null;
  /** tags of both objects: where Entra marks application proxy and gallery applications, and teams mark what they manage */
  readonly tags: readonly string[];
  readonly appProxy: boolean | undefined;
  /** others hold permissions on it, or call it */
  readonly calledBy: readonly string[] | undefined;
  /** what it holds that makes it privileged, one phrase each; empty: nothing; undefined: could not be read */
  readonly privileges: readonly string[] | undefined;
  /** null: the report has no row of it; undefined: the report, or its row, could not be read */
  readonly reported: ReportedUse | null | undefined;
  readonly seen: SeenUse;
  /** redirect URIs, a public client, delegated grants or exposed scopes: by these users may use it, which our hubs do not see */
  readonly usersReach?: boolean | undefined;
  readonly credentials: readonly CredentialFacts[] | undefined;
  readonly protectedBy: string | null;
  readonly held: Held | null;
  /** somebody said that it is needed: counts as a use at that time */
  readonly keptAt: number | null;
  readonly restoredAt: number | null;
  /** our own disable, and what for; null: not disabled by us; undefined: nobody has looked */
  readonly disabledByUs: "contained" | "retired" | null | undefined;
  /** an incident that is about more than disuse is open */
  readonly underAttack: boolean | undefined;
}

/** One reason: a stable code, a sentence, and what it rests on. */
export const UseReason = z.strictObject({
  /** id of the exemption, or of the rule of `judge-use` */
  code: z.string(),
  words: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])).default({}),
});
export type UseReason = z.infer<typeof UseReason>;

export const CredentialVerdict = z.strictObject({
  keyId: z.string(),
  object: z.enum(["application", "servicePrincipal"]),
  type: z.enum(["secret", "certificate"]),
  /** may be proposed for removal: it expired, or was not used for long while another one was */
  removable: z.boolean(),
  reason: UseReason,
});
export type CredentialVerdict = z.infer<typeof CredentialVerdict>;

export const UseState = z.enum([
  /** within its window */
  "used",
  /** nobody can tell: reported, never acted on */
  "unknown",
  /** not for us to retire, whatever its use */
  "exempt",
  /** not used for its whole window, by every signal there is */
  "unused",
]);
export type UseState = z.infer<typeof UseState>;

export const UseVerdict = z.strictObject({
  state: UseState,
  /** at least one; the first decided */
  reasons: z.array(UseReason).min(1),
  /** epoch ms of the latest use by any signal; null: none is known */
  lastUsedAt: z.number().nullable(),
  /** days it had to be unused for */
  windowDays: z.number(),
  credentials: z.array(CredentialVerdict),
});
export type UseVerdict = z.infer<typeof UseVerdict>;

/** What a scan keeps of an identity that is not plainly used. */
export const JudgedIdentity = z.strictObject({
  identity: IdentityRef,
  kind: IdentityKind,
  claimedName: z.string().nullable(),
  verdict: UseVerdict,
  /** epoch ms of the first scan in a row that found it unused; null: it is not unused */
  unusedSince: z.number().nullable(),
  privileges: z.array(z.string()),
});
export type JudgedIdentity = z.infer<typeof JudgedIdentity>;

export const Owner = z.strictObject({ objectId: Guid, type: z.string().nullable() });
export type Owner = z.infer<typeof Owner>;
