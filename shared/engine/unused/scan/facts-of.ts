/** One identity's row, joined with what the scan read of everybody: the facts that are judged. */
import type { IdentityKind, IdentityRef } from "../../../domain/identity.ts";
import type { Application, ServicePrincipal } from "../../../domain/snapshot.ts";
import type { CredentialFacts, ReportedUse, UseFacts } from "../../../domain/use.ts";
import { kindOf } from "../../snapshot/identity-kind.ts";
import { unpack } from "./packed.ts";
import type { PeopleSay } from "./people-say.ts";
import { type Compact, type Known, type ScanIndex, type UsedCredential, used } from "./scan-index.ts";
import type { PrincipalRow } from "./scan-rows.ts";
import type { OwnRows } from "./second-look.ts";
import { firstSeen, type HistoryRow, rememberUse, seenUse } from "./use-history.ts";

/** A service principal, or an application that has none here. */
export interface Subject {
  readonly identity: IdentityRef;
  /** names it within the scan: its appId, else its object id */
  readonly id: string;
  readonly name: string | null;
  readonly principal: PrincipalRow | null;
  readonly known: Known | null;
}

export interface Joining {
  readonly now: number;
  readonly tenantId: string;
  readonly index: ScanIndex;
  readonly people: PeopleSay;
  readonly watchedSince: number | null;
}

export interface Joined {
  readonly facts: UseFacts;
  readonly history: HistoryRow;
}

export function factsOf(subject: Subject, rows: OwnRows, joining: Joining): Joined {
  const { identity, principal, known } = subject;
  const { now, index, people, watchedSince } = joining;
  const application = applicationOf(known);
  const report = known?.reported == null ? null : unpack(known.reported);
  const before = known?.history == null ? null : unpack(known.history);
  // what cannot be read may be a use of just now
  const times = report?.length === 0 ? [now] : (report ?? []).filter((at) => at !== null);
  const history = rememberUse(subject.id, before, times, rows.signs, now);
  const { signs: _signs, retirement: _retirement, ...own } = rows;
  const facts: UseFacts = {
    now,
    identity,
    kind: kindIn(subject, application, joining),
    claimedName: subject.name,
    ...(principal === null ? withoutPrincipal : ofPrincipal(principal, index)),
    createdAt: createdAt(application, index, history),
    tags: [...(principal?.tags ?? []), ...(application?.[5] ?? [])],
    reported: reportedOf(identity, report, index),
    seen: seenUse(history, watchedSince),
    usersReach: usersReach(principal, application, index),
    credentials: credentialsOf(principal, application, index),
    ...people.of(identity, now),
    ...own,
    // one read an application, too many for a scan: where the cache does not know it, the last look before anybody is told asks
    appProxy: own.appProxy ?? false,
  };
  return { facts, history };
}

type OfPrincipal = Pick<UseFacts, "enabled" | "ssoMode" | "loginUrl" | "calledBy" | "privileges">;

const withoutPrincipal: OfPrincipal = { enabled: null, ssoMode: null, loginUrl: null, calledBy: [], privileges: [] };

function ofPrincipal({ id, enabled, sso, loginUrl }: PrincipalRow, { callers, privileges }: ScanIndex): OfPrincipal {
  return {
    enabled,
    ssoMode: sso,
    loginUrl,
    calledBy: callers === null ? undefined : (callers.get(id) ?? []),
    privileges: privileges === null ? undefined : (privileges.get(id) ?? []),
  };
}

export function applicationOf(known: Known | null): Compact | null {
  return known?.application == null ? null : unpack(known.application);
}

function reportedOf(
  { appId }: IdentityRef,
  report: readonly (number | null)[] | null,
  { hasReport }: ScanIndex,
): ReportedUse | null | undefined {
  // the report goes by appId
  if (!hasReport || appId === null) return undefined;
  if (report === null) return null;
  if (report.length === 0) return undefined;
  const [latest = null, asClient = null, forUsers = null, asResource = null, asResourceForUsers = null] = report;
  return { latest, asClient, forUsers, asResource, asResourceForUsers };
}

function createdAt(application: Compact | null, index: ScanIndex, history: HistoryRow): number | undefined {
  if (application !== null) return application[2] ?? undefined;
  return index.hasApplications ? firstSeen(history) : undefined;
}

function kindIn({ identity, principal }: Subject, known: Compact | null, { tenantId, index }: Joining): IdentityKind {
  const unseen = index.hasApplications ? null : undefined;
  const application = known === null ? unseen : asApplication(known, identity.appId ?? "");
  return kindOf(principal === null ? null : asServicePrincipal(principal), application, tenantId);
}

const unread = { alternativeNames: [], verifiedPublisher: null, passwordCredentials: [] };

function asServicePrincipal(row: PrincipalRow): ServicePrincipal {
  return {
    ...unread,
    id: row.id,
    appId: row.appId,
    accountEnabled: row.enabled ?? null,
    displayName: row.name,
    appOwnerOrganizationId: row.owner,
    servicePrincipalType: row.type,
    signInAudience: row.audience,
    preferredSingleSignOnMode: row.sso,
    disabledByMicrosoftStatus: null,
    "@odata.type": row.odata,
  };
}

function asApplication([id, audience, , , odata]: Compact, appId: string): Application {
  return {
    id,
    appId,
    displayName: null,
    signInAudience: audience,
    createdDateTime: null,
    "@odata.type": odata,
    passwordCredentials: [],
  };
}

/** Redirect URIs, a public client, scopes of its own, or delegated grants either way. */
function usersReach(
  principal: PrincipalRow | null,
  application: Compact | null,
  { callers, clients, hasApplications }: ScanIndex,
): boolean | undefined {
  if (principal?.redirects === true || application?.[3] === true) return true;
  if (principal !== null && (clients?.has(principal.id) || callers?.has(principal.id))) return true;
  return callers === null || !hasApplications ? undefined : false;
}

function credentialsOf(
  principal: PrincipalRow | null,
  application: Compact | null,
  { keyUses, hasApplications }: ScanIndex,
): readonly CredentialFacts[] | undefined {
  const ofApplication = application === null ? (hasApplications ? [] : null) : application[6];
  const ofPrincipal = principal === null ? [] : used(principal.credentials, keyUses);
  if (ofApplication === null || ofPrincipal === null) return undefined;
  return [
    ...ofApplication.map((one) => credentialOf(one, "application")),
    ...ofPrincipal.map((one) => credentialOf(one, "servicePrincipal")),
  ];
}

function credentialOf([row, usedAt]: UsedCredential, object: CredentialFacts["object"]): CredentialFacts {
  const [keyId, type, createdAt, expiresAt, signing] = row;
  const kind = type === 0 ? "secret" : "certificate";
  const lastUsedAt = usedAt ?? undefined;
  return { keyId, object, type: kind, createdAt, expiresAt, lastUsedAt, signing: signing === 1 };
}
