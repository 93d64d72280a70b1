/** What a scan found, as findings, and the notice with which a retirement begins. Pure. */
import { dayMs } from "../../../domain/day.ts";
import type { Finding } from "../../../domain/finding.ts";
import { type IdentityKey, identityKey } from "../../../domain/identity.ts";
import { hashId } from "../../../domain/ids.ts";
import type { RetirePolicy } from "../../../domain/retire-policy.ts";
import type { Retirement } from "../../../domain/retirement.ts";
import type { CredentialVerdict, JudgedIdentity, Owner } from "../../../domain/use.ts";
import { isoAt } from "../../../ports/clock.ts";
import { nameOf, type Told } from "../../rows/notices.ts";
import type { WholeScan } from "../scan/scan-state.ts";

export interface Begun {
  readonly judged: JudgedIdentity;
  readonly appId: string;
  readonly owners: readonly Owner[];
  readonly privileges: readonly string[];
  readonly scan: WholeScan;
  /** epoch ms */
  readonly now: number;
}

export function keyOfBegun({ judged, appId }: Pick<Begun, "judged" | "appId">): IdentityKey {
  return identityKey(judged.identity.tenantId, appId);
}

/** The same disuse is the same finding, whichever scan sees it. */
export function disuseFinding(begun: Begun): Finding {
  const { judged, owners, privileges, scan, now } = begun;
  const { lastUsedAt, windowDays, reasons } = judged.verdict;
  const used = lastUsedAt === null ? null : isoAt(lastUsedAt);
  return {
    ...found(begun, "unused-identity", `disable|${used ?? "never"}`),
    severity: privileges.length > 0 ? "low" : "informational",
    ceiling: "enforce",
    title: `Nobody used it for more than ${windowDays} days`,
    details: {
      about: "unused",
      phase: "disable",
      lastUsedAt: used,
      windowDays,
      reasons: [...reasons],
      owners: [...owners],
      ownersReadAt: isoAt(now),
      privileges: [...privileges],
    },
    warrant: warrantOf(scan),
  };
}

export function credentialFinding(
  begun: Pick<Begun, "judged" | "appId" | "scan" | "now">,
  credential: CredentialVerdict,
): Finding {
  return {
    ...found(begun, "unused-credential", credential.keyId),
    severity: "informational",
    ceiling: "approve",
    title: `A credential may go: ${credential.reason.words}`,
    details: { about: "unused-credential", credential },
    warrant: warrantOf(begun.scan),
  };
}

function found({ judged, appId, now }: Pick<Begun, "judged" | "appId" | "now">, detection: string, dedupeBy: string) {
  return {
    id: hashId(keyOfBegun({ judged, appId }), detection, dedupeBy),
    detection,
    subject: judged.identity,
    claimedName: judged.claimedName,
    actorId: null,
    dedupeBy,
    receivedAt: isoAt(now),
  };
}

function warrantOf({ scanId, startedAt }: WholeScan): Finding["warrant"] {
  const at = isoAt(startedAt);
  return { category: "Unused", recordId: scanId, correlationId: null, activityAt: at, raisedAt: at };
}

export function toldRetirement(begun: Begun, incidentId: string, planIds: readonly string[]): Retirement {
  const { judged, owners, privileges, now } = begun;
  const { lastUsedAt, windowDays } = judged.verdict;
  return {
    state: "told",
    since: isoAt(now),
    because: `nobody used it for more than ${windowDays} days; its owners have time to say otherwise`,
    incidentId,
    planIds: [...planIds],
    lastUsedAt: lastUsedAt === null ? null : isoAt(lastUsedAt),
    owners: [...owners],
    ownersReadAt: isoAt(now),
    privileges: [...privileges],
    toldAt: isoAt(now),
    disabledAt: null,
    deletedAt: null,
    restoredAt: null,
    signOfLifeAt: null,
  };
}

/** To its owners, and to those who watch the channel. */
export function toldNotice(
  begun: Begun,
  finding: Finding,
  incidentId: string,
  planId: string | null,
  { noticeDays, disabledDays }: RetirePolicy,
): Told {
  const { judged, appId, owners, privileges, now } = begun;
  const { lastUsedAt } = judged.verdict;
  const disableAt = isoAt(now + noticeDays * dayMs);
  const deleteAt = isoAt(now + (noticeDays + disabledDays) * dayMs);
  const keep = `/api/unused/appId:${appId}/keep`;
  const since = lastUsedAt === null ? "for as long as is known" : `since ${isoAt(lastUsedAt)}`;
  const people = owners.filter((one) => one.type !== "#microsoft.graph.servicePrincipal");
  const whose = people.length === 0 ? "; nobody owns it, so whoever reads this decides" : "";
  return {
    event: "unused.told",
    about: [finding.id],
    identity: judged.identity,
    severity: finding.severity,
    urgency: "chat",
    incidentId,
    planId,
    recipients: people.map(({ objectId }) => objectId),
    message: `${nameOf(judged.identity, judged.claimedName)}: nobody used it ${since}. It is disabled after ${disableAt} and deleted softly after ${deleteAt}, unless somebody says that it is needed: ${keep}${whose}`,
    data: {
      findingId: finding.id,
      lastUsedAt: lastUsedAt === null ? null : isoAt(lastUsedAt),
      disableAt,
      deleteAt,
      keep,
      owners: owners.map(({ objectId }) => objectId),
      privileges: [...privileges],
    },
  };
}
