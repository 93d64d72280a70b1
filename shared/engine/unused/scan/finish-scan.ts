/** Everybody is judged: the scan becomes the last whole one, and says who may be begun. */
import { dayMs } from "../../../domain/day.ts";
import { type IdentityKey, identityKey, refOfKey } from "../../../domain/identity.ts";
import { isRetiring, Retirement } from "../../../domain/retirement.ts";
import type { JudgedIdentity } from "../../../domain/use.ts";
import type { Services } from "../../../ports/services.ts";
import { rowKey } from "../../rows/rows.ts";
import { otherwiseIn } from "./found-otherwise.ts";
import type { Judging } from "./judge-scan.ts";
import type { ScanHand } from "./scan-hand.ts";
import { pagesRead, type ScanInHand, type ScanState, verdictsOf } from "./scan-state.ts";
import { judgedIn } from "./verdicts.ts";

/** More are begun in no day, and the next scan names the rest. */
const mostCandidates = 200;
const mostCredentials = 50;
/** As many as fit into the row. */
const mostOtherwise = 2_000;

/** False: another process goes on with it. */
export async function finishScan(hand: ScanHand, current: ScanInHand, judging: Judging): Promise<boolean> {
  const { services } = hand;
  const { scanId, startedAt, missing, judged } = current;
  const { coverage, reportOnly } = judging;
  const retirements = await retirementsOf(services);
  const found = await foundBy(services, current, retirements);
  const wanted = reportOnly === null ? found : { ...found, candidates: [], credentials: [] };
  const endedAt = services.clock.now();
  const counts = judged.counts;
  services.logger.info("A scan of who is unused is whole", {
    scanId,
    pages: pagesRead(current),
    counts: JSON.stringify(counts),
    reportOnly: reportOnly ?? "",
  });
  return hand.save((state) => ({
    ...state,
    ...wanted,
    current: null,
    failed: null,
    last: { scanId, startedAt, endedAt, pages: pagesRead(current), counts, coverage, reportOnly, missing },
    stale: [...state.stale, scanId, ...olderVerdicts(state)],
  }));
}

function olderVerdicts({ last }: ScanState): readonly string[] {
  return last === null ? [] : [verdictsOf(last.scanId)];
}

async function foundBy(
  services: Services,
  { scanId, startedAt }: ScanInHand,
  retirements: ReadonlyMap<IdentityKey, Retirement>,
): Promise<Pick<ScanState, "candidates" | "credentials" | "otherwise">> {
  const dryMs = services.policy.retire.dryDays * dayMs;
  const known = new Map<string, JudgedIdentity>();
  const unused: JudgedIdentity[] = [];
  const credentials: ScanState["credentials"] = [];
  for await (const one of judgedIn(services, scanId)) {
    const { identity, verdict } = one;
    const { appId } = identity;
    if (appId === null) continue;
    const before = retirements.get(identityKey(identity.tenantId, appId));
    if (before !== undefined) known.set(appId, one);
    credentials.push(...removableOf(appId, verdict).slice(0, mostCredentials - credentials.length));
    if (isDryFor(dryMs, one, startedAt) && (before === undefined || mayBeginAnew(before, one))) unused.push(one);
  }
  const first = unused.toSorted(mostUrgentFirst).slice(0, mostCandidates);
  const candidates = first.flatMap(({ identity }) => identity.appId ?? []);
  const retiring = [...retirements].map(([key, row]) => [refOfKey(key).appId, row] as const);
  return { candidates, credentials, otherwise: otherwiseIn(retiring, known).slice(0, mostOtherwise) };
}

function removableOf(appId: string, { credentials }: JudgedIdentity["verdict"]): ScanState["credentials"] {
  return credentials.flatMap(({ keyId, removable }) => (removable ? [{ appId, keyId }] : []));
}

function isDryFor(dryMs: number, { unusedSince, verdict }: JudgedIdentity, startedAt: number): boolean {
  return verdict.state === "unused" && unusedSince !== null && startedAt - unusedSince >= dryMs;
}

/** It was used, or somebody said that it is needed, since it was called off. */
export function mayBeginAnew(before: Retirement, { verdict }: Pick<JudgedIdentity, "verdict">): boolean {
  if (isRetiring(before) || before.state !== "back") return false;
  return (verdict.lastUsedAt ?? 0) > (before.lastUsedAt === null ? 0 : Date.parse(before.lastUsedAt));
}

/** The most privileged first, and of those the longest unused. */
function mostUrgentFirst(a: JudgedIdentity, b: JudgedIdentity): number {
  return (
    b.privileges.length - a.privileges.length ||
    (a.verdict.lastUsedAt ?? 0) - (b.verdict.lastUsedAt ?? 0) ||
    (a.identity.appId ?? "").localeCompare(b.identity.appId ?? "")
  );
}

async function retirementsOf({ stores }: Services): Promise<ReadonlyMap<IdentityKey, Retirement>> {
  const all = new Map<IdentityKey, Retirement>();
  for await (const { identity, row } of stores.identities.list(rowKey.retirement)) {
    const retirement = row.key === rowKey.retirement ? Retirement.safeParse(row.value).data : undefined;
    if (retirement !== undefined) all.set(identity, retirement);
  }
  return all;
}
