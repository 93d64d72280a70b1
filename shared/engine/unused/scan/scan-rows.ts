/** What a scan keeps of each thing it reads: the few fields that are used. Answers of Graph are parsed loosely, times become epoch ms. */
import { z } from "zod";
import { Guid } from "../../../domain/identity.ts";
import { isInSigningSet, samlSigningIds } from "../../../domain/saml-signing.ts";
import { KeyCredential, PasswordCredential } from "../../../domain/snapshot.ts";

const text = z.string().nullish();
const maybeGuid = Guid.nullish();
const many = z.array(z.string()).nullish();

/** [key id, 0 secret of an application, 1 certificate, created, expires, 1: it signs tokens] */
export const CredentialRow = z.tuple([z.string(), z.int(), z.number().nullable(), z.number().nullable(), z.int()]);
export type CredentialRow = z.infer<typeof CredentialRow>;

/** A time as the beta reports write it: offsets of one digit occur (`-8:00`). NaN: it cannot be read. */
export function timeOf(said: string): number {
  return Date.parse(said.replace(/([+-])(\d:\d\d)$/, "$10$2"));
}

function timeOrNull(said: string | null | undefined): number | null {
  const at = timeOf(said ?? "");
  return Number.isFinite(at) ? at : null;
}

const Credentials = {
  passwordCredentials: z.array(PasswordCredential).nullish(),
  keyCredentials: z.array(KeyCredential).nullish(),
};

/** A certificate may lie there twice, once to verify with and once to sign: one row for each key id. */
function credentialRows(of: {
  readonly passwordCredentials?: readonly PasswordCredential[] | null | undefined;
  readonly keyCredentials?: readonly KeyCredential[] | null | undefined;
}): CredentialRow[] | null {
  const { passwordCredentials: secrets, keyCredentials: keys } = of;
  if (secrets == null || keys == null) return null;
  const signing = samlSigningIds(keys);
  const row = (one: PasswordCredential | KeyCredential, type: 0 | 1): CredentialRow => [
    one.keyId,
    type,
    timeOrNull(one.startDateTime),
    timeOrNull(one.endDateTime),
    isInSigningSet(one, signing) ? 1 : 0,
  ];
  return [...secrets.map((one) => row(one, 0)), ...keys.map((one) => row(one, 1))];
}

const ServicePrincipal = z.object({
  id: Guid,
  appId: maybeGuid,
  accountEnabled: z.boolean().nullish(),
  displayName: text,
  appOwnerOrganizationId: maybeGuid,
  servicePrincipalType: text,
  signInAudience: text,
  preferredSingleSignOnMode: text,
  loginUrl: text,
  replyUrls: many,
  tags: many,
  "@odata.type": text,
  ...Credentials,
});

export const PrincipalRow = z.object({
  id: z.string(),
  appId: z.string().nullable(),
  /** undefined: Graph did not say */
  enabled: z.boolean().optional(),
  name: z.string().nullable(),
  owner: z.string().nullable(),
  type: z.string().nullable(),
  audience: z.string().nullable(),
  sso: z.string().nullable(),
  loginUrl: z.string().nullable(),
  tags: z.array(z.string()),
  odata: z.string().nullable(),
  /** it has redirect URIs */
  redirects: z.boolean(),
  credentials: z.array(CredentialRow).nullable(),
});
export type PrincipalRow = z.infer<typeof PrincipalRow>;

/** Null: not of its shape. */
export function principalRow(item: unknown): PrincipalRow | null {
  const { data } = ServicePrincipal.safeParse(item);
  if (data === undefined) return null;
  return {
    id: data.id,
    appId: data.appId ?? null,
    ...(data.accountEnabled == null ? {} : { enabled: data.accountEnabled }),
    name: data.displayName ?? null,
    owner: data.appOwnerOrganizationId ?? null,
    type: data.servicePrincipalType ?? null,
    audience: data.signInAudience ?? null,
    sso: data.preferredSingleSignOnMode ?? null,
    loginUrl: data.loginUrl ?? null,
    tags: data.tags ?? [],
    odata: data["@odata.type"] ?? null,
    redirects: (data.replyUrls ?? []).length > 0,
    credentials: credentialRows(data),
  };
}

const Redirects = z.looseObject({ redirectUris: many }).nullish();
const Application = z.object({
  id: Guid,
  appId: Guid,
  displayName: text,
  signInAudience: text,
  createdDateTime: text,
  tags: many,
  web: Redirects,
  spa: Redirects,
  publicClient: Redirects,
  isFallbackPublicClient: z.boolean().nullish(),
  api: z.looseObject({ oauth2PermissionScopes: z.array(z.unknown()).nullish() }).nullish(),
  "@odata.type": text,
  ...Credentials,
});

export const ApplicationRow = z.object({
  id: z.string(),
  appId: z.string(),
  name: z.string().nullable(),
  audience: z.string().nullable(),
  createdAt: z.number().nullable(),
  tags: z.array(z.string()),
  odata: z.string().nullable(),
  /** it has redirect URIs, is a public client, or exposes scopes */
  forUsers: z.boolean(),
  credentials: z.array(CredentialRow).nullable(),
});
export type ApplicationRow = z.infer<typeof ApplicationRow>;

/** Null: not of its shape. */
export function applicationRow(item: unknown): ApplicationRow | null {
  const { data } = Application.safeParse(item);
  if (data === undefined) return null;
  const { web, spa, publicClient, api } = data;
  const listed = [...[web, spa, publicClient].map((one) => one?.redirectUris), api?.oauth2PermissionScopes];
  return {
    id: data.id,
    appId: data.appId,
    name: data.displayName ?? null,
    audience: data.signInAudience ?? null,
    createdAt: timeOrNull(data.createdDateTime),
    tags: data.tags ?? [],
    odata: data["@odata.type"] ?? null,
    forUsers: data.isFallbackPublicClient === true || listed.some((list) => (list ?? []).length > 0),
    credentials: credentialRows(data),
  };
}

/** [whose it is, which object]: who may call whom, who holds which permission or role. */
export const PairRow = z.tuple([z.string(), z.string()]);
export type PairRow = z.infer<typeof PairRow>;

const Grant = z.object({ clientId: Guid, resourceId: Guid });

export function grantRow(item: unknown): PairRow | null {
  const { data } = Grant.safeParse(item);
  return data === undefined ? null : [data.clientId, data.resourceId];
}

const Assigned = z.object({ principalId: Guid, appRoleId: Guid });

export function permissionRow(item: unknown): PairRow | null {
  const { data } = Assigned.safeParse(item);
  return data === undefined ? null : [data.principalId, data.appRoleId];
}

const RoleAssignment = z.object({ principalId: Guid, roleDefinitionId: Guid });

export function roleRow(item: unknown): PairRow | null {
  const { data } = RoleAssignment.safeParse(item);
  return data === undefined ? null : [data.principalId, data.roleDefinitionId];
}

const Activity = z.looseObject({}).nullish();
const SignIns = z.object({
  appId: Guid,
  lastSignInActivity: Activity,
  applicationAuthenticationClientSignInActivity: Activity,
  delegatedClientSignInActivity: Activity,
  applicationAuthenticationResourceSignInActivity: Activity,
  delegatedResourceSignInActivity: Activity,
});

/** [appId, latest, as client, for users, as resource, as resource for users]; null: no such activity; none but the appId: not to be read */
export const ReportedRow = z.tuple([z.string()]).rest(z.number().nullable());
export type ReportedRow = z.infer<typeof ReportedRow>;

export function reportedRow(item: unknown): ReportedRow | null {
  const { data } = SignIns.safeParse(item);
  if (data === undefined) return null;
  const times = [
    latestOf(data.lastSignInActivity),
    latestOf(data.applicationAuthenticationClientSignInActivity),
    latestOf(data.delegatedClientSignInActivity),
    latestOf(data.applicationAuthenticationResourceSignInActivity),
    latestOf(data.delegatedResourceSignInActivity),
  ];
  // one that cannot be read may be the latest
  return times.some((at) => Number.isNaN(at)) ? [data.appId] : [data.appId, ...times];
}

const CredentialUse = z.object({ keyId: Guid, signInActivity: Activity });

/** [key id, epoch ms of its last use]; without the second: not known */
export const KeyUseRow = z.tuple([z.string()]).rest(z.number());
export type KeyUseRow = z.infer<typeof KeyUseRow>;

export function keyUseRow(item: unknown): KeyUseRow | null {
  const { data } = CredentialUse.safeParse(item);
  if (data === undefined) return null;
  const at = latestOf(data.signInActivity);
  return at === null || Number.isNaN(at) ? [data.keyId] : [data.keyId, at];
}

/** Of every time in it (interactive or not, successful or not): NaN when one cannot be read, null when there is none. */
function latestOf(activity: Readonly<Record<string, unknown>> | null | undefined): number | null {
  const times = Object.entries(activity ?? {}).flatMap(([name, value]) =>
    name.endsWith("DateTime") && typeof value === "string" && value !== "" ? [timeOf(value)] : [],
  );
  return times.length === 0 ? null : Math.max(...times);
}
