/** One day out of the ledger: what paged nobody, counted, and the gravest of it. Reads it once, and keeps only what is shown. */
import { Severity } from "../../domain/finding.ts";
import { Guid, type IdentityKey, refOfKey } from "../../domain/identity.ts";
import { isStanding, type LedgerEntry } from "../../domain/ledger.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Digest, Notice } from "../../ports/outbox.ts";
import type { Services } from "../../ports/services.ts";
import { ledgerPrefix } from "../../ports/stores.ts";
import { entriesIn } from "../rows/ledger-rows.ts";
import { StageRow } from "../rows/rows.ts";

const mostShown = 50;
/** Kinds that are counted apart; there are some dozens unless somebody wrote others into the tables. */
const mostKinds = 300;
const lettersCounted = 1_000;

type DigestServices = Pick<Services, "policy" | "stores">;

/** `from` (inclusive) and `to` (exclusive) in epoch ms. */
export async function gatherDigest(services: DigestServices, from: number, to: number): Promise<Digest> {
  const [told, waiting, deadLetters] = await Promise.all([
    toldIn(services, from, to),
    countWaiting(services),
    countLetters(services, from, to),
  ]);
  return { from: isoAt(from), to: isoAt(to), ...told, waiting, deadLetters };
}

async function toldIn(
  { stores }: DigestServices,
  from: number,
  to: number,
): Promise<Pick<Digest, "counts" | "notices" | "total">> {
  const counts = new Map<string, number>();
  let gravest: Notice[] = [];
  let total = 0;
  for await (const { identity, row } of stores.identities.list(ledgerPrefix(), from)) {
    for (const entry of entriesIn(row) ?? []) {
      const at = Date.parse(entry.at);
      const notice = at >= from && at < to ? noticeIn(identity, entry) : null;
      if (notice === null) continue;
      total += 1;
      count(counts, kindOf(notice));
      gravest.push(notice);
      if (gravest.length >= 2 * mostShown) gravest = gravestOf(gravest);
    }
  }
  const most = [...counts].map(([what, times]) => ({ what, times })).sort((a, b) => b.times - a.times);
  return { counts: most, notices: gravestOf(gravest), total };
}

/** Null: no notice, or one that was told when it happened. */
function noticeIn(key: IdentityKey, { tenantId, chain, at, event, message, data }: LedgerEntry): Notice | null {
  const { noticeId, urgency, planId } = data;
  if (urgency !== "digest" || typeof noticeId !== "string") return null;
  return {
    id: noticeId,
    tenantId,
    at,
    event,
    urgency,
    severity: Severity.safeParse(data.severity).data ?? "informational",
    message,
    identity: { key, ...idsIn(key) },
    incidentId: isStanding(chain) ? null : chain,
    planId: typeof planId === "string" ? planId : null,
    data: {},
    ...detectionOf(data),
  };
}

/** Not every key is about an identity. */
function idsIn(key: IdentityKey): Pick<Notice["identity"], "appId" | "servicePrincipalId"> {
  const { appId, servicePrincipalId } = refOfKey(key);
  const idOrNull = (id: string | null) => Guid.nullable().catch(null).parse(id);
  return { appId: idOrNull(appId), servicePrincipalId: idOrNull(servicePrincipalId) };
}

function detectionOf({ detection }: LedgerEntry["data"]): Partial<Pick<Notice, "data">> {
  return typeof detection === "string" ? { data: { detection } } : {};
}

function kindOf({ event, data }: Notice): string {
  return typeof data.detection === "string" ? `${event}: ${data.detection}` : event;
}

function count(counts: Map<string, number>, what: string): void {
  const name = counts.has(what) || counts.size < mostKinds ? what : "other";
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function gravestOf(notices: readonly Notice[]): Notice[] {
  const grave = ({ severity }: Notice) => Severity.options.indexOf(severity);
  return notices.toSorted((a, b) => grave(b) - grave(a) || b.at.localeCompare(a.at)).slice(0, mostShown);
}

/** Stages that wait for a person. */
export async function countWaiting({ stores }: Pick<Services, "stores">): Promise<number> {
  let waiting = 0;
  for await (const { row } of stores.identities.list("stage|")) {
    if (StageRow.safeParse(row.value).data?.status === "waiting") waiting += 1;
  }
  return waiting;
}

async function countLetters({ policy, stores }: DigestServices, from: number, to: number): Promise<number> {
  const letters = await stores.deadLetters.list(policy.tenantId, lettersCounted);
  return letters.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < to).length;
}
