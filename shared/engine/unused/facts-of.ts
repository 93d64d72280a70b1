/** One identity's row, joined with what the scan read of everybody: the facts that are judged. */
import type { IdentityKind, IdentityRef } from "../../domain/identity.ts";
import type { Application, ServicePrincipal } from "../../domain/snapshot.ts";
import type { CredentialFacts, ReportedUse, UseFacts } from "../../domain/use.ts";
import { kindOf } from "../snapshot/identity-kind.ts";
import type { PeopleSay } from "./people-say.ts";
import type { Compact, Known, ScanIndex } from "./scan-index.ts";
import type { CredentialRow, PrincipalRow } from "./scan-rows.ts";
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
  const application = known?.application ?? null;
  const times = (known?.reported ?? []).filter((at) => at !== null);
  const history = rememberUse(subject.id, known?.history ?? null, times, rows.signs, now);
  const { signs: _signs, retirement: _retirement, ...own } = rows;
  const facts: UseFacts = {
    now,
    identity,
    kind: kindIn(subject, joining),
    claimedName: subject.name,
    ...(principal === null ? withoutPrincipal : ofPrincipal(principal, index)),
    createdAt: createdAt(application, index, history),
    tags: [...(principal?.tags ?? []), ...(application?.[5] ?? [])],
    reported: reportedOf(subject, index),
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

function reportedOf({ identity, known }: Subject, { hasReport }: ScanIndex): ReportedUse | null | undefined {
  // the report goes by appId
  if (!hasReport || identity.appId === null) return undefined;
  if (known?.reported == null) return null;
  if (known.reported.length === 0) return undefined;
  const [latest = null, asClient = null, forUsers = null, asResource = null, asResourceForUsers = null] =
    known.reported;
  return { latest, asClient, forUsers, asResource, asResourceForUsers };
}

function createdAt(application: Compact | null, index: ScanIndex, history: HistoryRow): number | undefined {
  if (application !== null) return Number.isFinite(application[2]) ? application[2] : undefined;
  return index.hasApplications ? firstSeen(history) : undefined;
}

function kindIn({ identity, principal, known }: Subject, { tenantId, index }: Joining): IdentityKind {
  const unseen = index.hasApplications ? null : undefined;
  const application = known?.application ? asApplication(known.application, identity.appId ?? "") : unseen;
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
  const ofPrincipal = principal === null ? [] : principal.credentials;
  if (ofApplication === null || ofPrincipal === null) return undefined;
  const uses = keyUses ?? new Map<string, number>();
  return [
    ...ofApplication.map((row) => credentialOf(row, "application", uses)),
    ...ofPrincipal.map((row) => credentialOf(row, "servicePrincipal", uses)),
  ];
}

function credentialOf(
  [keyId, type, createdAt, expiresAt, signing]: CredentialRow,
  object: CredentialFacts["object"],
  uses: ReadonlyMap<string, number>,
): CredentialFacts {
  const kind = type === 0 ? "secret" : "certificate";
  return { keyId, object, type: kind, createdAt, expiresAt, lastUsedAt: uses.get(keyId), signing: signing === 1 };
}
