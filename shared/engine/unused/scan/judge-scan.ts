/**
 * Everything is read: page by page of it, everybody is judged. A page of verdicts is kept first, then how far it has come, so that a run that is
 * killed goes on with the next page; what all are joined with is loaded anew.
 */
import pLimit from "p-limit";
import { describeError, TerminalError } from "../../../domain/errors.ts";
import { type IdentityKey, identityKey, servicePrincipalKey } from "../../../domain/identity.ts";
import { type JudgedIdentity, type UseState, UseVerdict } from "../../../domain/use.ts";
import type { Services } from "../../../ports/services.ts";
import { judgeUse } from "../decide/judge-use.ts";
import { applicationOf, factsOf, type Joined, type Joining, type Subject } from "./facts-of.ts";
import { readPeopleSay } from "./people-say.ts";
import { keptMs, type PartRead } from "./read-part.ts";
import { whyReportOnly } from "./report-only.ts";
import { type ScanHand, saveCurrent } from "./scan-hand.ts";
import { indexOf, rowsIn, type ScanIndex } from "./scan-index.ts";
import type { ApplicationRow, PrincipalRow } from "./scan-rows.ts";
import { type Counts, type ScanInHand, verdictsOf, type WholeScan } from "./scan-state.ts";
import { type HasRows, noRows, ownRows, readAppProxy } from "./second-look.ts";
import type { HistoryRow } from "./use-history.ts";
import { judgedIn } from "./verdicts.ts";

/** Partitions that are read at a time. */
const atOnce = 16;
/** The next whole scan replaces it: a rhythm must outlive weeks in which there is none. */
const rememberedMs = 400 * 24 * 3600_000;

export interface Judging extends Joining {
  /** epoch ms by appId, of who was unused in every scan until the last one */
  readonly unusedSince: ReadonlyMap<string, number>;
  readonly coverage: number | null;
  readonly reportOnly: string | null;
}

/** Null: who we are ourselves is not known now. */
export async function prepareJudging(hand: ScanHand, current: ScanInHand): Promise<Judging | null> {
  const { services, state } = hand;
  const people = await readPeopleSay(services);
  if (people === null) return null;
  const index = await indexOf(hand, current);
  const { policy } = services;
  const coverage = index.hasReport && index.enabled > 0 ? (100 * index.covered) / index.enabled : null;
  const reportOnly = whyReportOnly(index, current, policy.retire.coveragePercent);
  const unusedSince = await unusedUntilNow(services, state.last);
  const { tenantId } = policy;
  const now = current.startedAt;
  return { now, tenantId, index, people, watchedSince: state.watch.since, unusedSince, coverage, reportOnly };
}

/** A page that somebody edited must not end all scans to come: whoever stood in it has its dry period anew. */
async function unusedUntilNow(services: Services, last: WholeScan | null): Promise<ReadonlyMap<string, number>> {
  const since = new Map<string, number>();
  if (last === null) return since;
  try {
    for await (const { identity, unusedSince } of judgedIn(services, last.scanId)) {
      if (identity.appId !== null && unusedSince !== null) since.set(identity.appId, unusedSince);
    }
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    services.logger.error("What the last scan found cannot be read", { error: describeError(error) });
  }
  return since;
}

/** While a page is kept, the next one is judged. */
export async function judgePages(hand: ScanHand, current: ScanInHand, judging: Judging): Promise<PartRead> {
  const { services, endsAt } = hand;
  let page = 0;
  let kept = Promise.resolve(true);
  try {
    for await (const subjects of subjectsOf(hand, current, judging)) {
      if (page++ < current.judged.pages) continue;
      if (services.clock.now() >= endsAt) return (await kept) ? "later" : "lost";
      const judged = await judgeAll(hand, judging, subjects);
      if (!(await kept)) return "lost";
      kept = keepJudged(hand, current, page - 1, judged);
      // whoever awaits it hears of what it throws
      kept.catch(() => undefined);
    }
    return (await kept) ? "on" : "lost";
  } finally {
    await kept.catch(() => undefined);
  }
}

function judgeAll(hand: ScanHand, judging: Judging, subjects: readonly Subject[]): Promise<readonly Judged[]> {
  const limit = pLimit(atOnce);
  const { retire } = hand.services.policy;
  return Promise.all(
    subjects.map((subject) => {
      const first = factsOf(subject, noRows, judging);
      const glance = judgeUse(first.facts, retire);
      const isPlain = !mustLookAgain(first, glance, rowsOfOurs(subject, judging));
      return isPlain ? judgedAs(first, glance, judging) : limit(lookAgain, hand, judging, subject);
    }),
  );
}

async function keepJudged(
  hand: ScanHand,
  { scanId, startedAt }: ScanInHand,
  page: number,
  judged: readonly Judged[],
): Promise<boolean> {
  const { stores, policy } = hand.services;
  const notable = judged.flatMap(({ identity }) => (identity === null ? [] : [identity]));
  const keep = (part: string, value: unknown, ms: number) =>
    stores.scans.putPage(policy.tenantId, verdictsOf(scanId), part, page, value, startedAt + ms);
  await Promise.all([
    keep("judged", notable, keptMs),
    keep(
      "history",
      judged.map(({ history }) => history),
      rememberedMs,
    ),
  ]);
  return saveCurrent(hand, (now) => ({
    ...now,
    judged: { pages: page + 1, counts: judged.reduce(counted, now.judged.counts) },
  }));
}

interface Judged {
  readonly state: UseState;
  readonly history: HistoryRow;
  /** null: plainly used */
  readonly identity: JudgedIdentity | null;
}

function counted(counts: Counts, { state }: Judged): Counts {
  return { ...counts, [state]: (counts[state] ?? 0) + 1 };
}

async function lookAgain({ services }: ScanHand, judging: Judging, subject: Subject): Promise<Judged> {
  const { retire } = services.policy;
  const rows = await ownRows(services, keyOf(subject), rowsOfOurs(subject, judging));
  const second = factsOf(subject, rows, judging);
  const verdict = judgeUse(second.facts, retire);
  if (verdict.state !== "unused") return judgedAs(second, verdict, judging);
  const appProxy = await readAppProxy(services, subject.identity.appId);
  const third = factsOf(subject, { ...rows, appProxy }, judging);
  return judgedAs(third, judgeUse(third.facts, retire), judging);
}

function rowsOfOurs(subject: Subject, { index }: Joining): HasRows {
  return { baseline: subject.known?.isLearned !== false, partition: index.found.has(keyOf(subject)) };
}

/** Who is used, or exempt for what Graph itself says, stays so whatever our own rows say. */
function mustLookAgain({ facts }: Joined, { state, credentials }: UseVerdict, has: HasRows): boolean {
  if (state === "unused") return true;
  const couldChange = state === "unknown" || facts.enabled === false || credentials.some(isRemovable);
  return couldChange && (has.baseline || has.partition);
}

function isRemovable({ removable }: UseVerdict["credentials"][number]): boolean {
  return removable;
}

function judgedAs({ facts, history }: Joined, verdict: UseVerdict, judging: Judging): Judged {
  const { state } = verdict;
  if (state === "used" && !verdict.credentials.some(isRemovable)) return { state, history, identity: null };
  const { identity, kind, claimedName, privileges } = facts;
  const before = judging.unusedSince.get(identity.appId ?? "") ?? null;
  const unusedSince = sinceWhen(state, before, judging);
  return {
    state,
    history,
    identity: {
      identity,
      kind,
      claimedName,
      verdict: UseVerdict.parse(verdict),
      unusedSince,
      privileges: [...(privileges ?? [])],
    },
  };
}

/** A scan that only reports begins no dry period, and ends one only by a use that it has seen. */
function sinceWhen(state: UseState, before: number | null, { reportOnly, now }: Judging): number | null {
  if (reportOnly !== null) return state === "used" ? null : before;
  return state === "unused" ? (before ?? now) : null;
}

function keyOf({ identity: { tenantId, appId, servicePrincipalId } }: Subject): IdentityKey {
  return appId === null ? servicePrincipalKey(tenantId, servicePrincipalId ?? "") : identityKey(tenantId, appId);
}

async function* subjectsOf(
  hand: ScanHand,
  current: ScanInHand,
  { tenantId, index }: Joining,
): AsyncGenerator<readonly Subject[]> {
  for await (const page of rowsIn(hand, "service-principals", current) ?? []) {
    yield page.map((row) => ofPrincipal(row, tenantId, index));
  }
  for await (const page of rowsIn(hand, "applications", current) ?? []) {
    yield page.flatMap((row) =>
      index.known.get(row.appId)?.hasPrincipal === true ? [] : [ofApplication(row, tenantId, index)],
    );
  }
}

function ofPrincipal(row: PrincipalRow, tenantId: string, { known }: ScanIndex): Subject {
  const mine = row.appId === null ? null : (known.get(row.appId) ?? null);
  const applicationObjectId = applicationOf(mine)?.[0] ?? null;
  return {
    identity: { tenantId, appId: row.appId, servicePrincipalId: row.id, applicationObjectId },
    id: row.appId ?? row.id,
    name: row.name,
    principal: row,
    known: mine,
  };
}

function ofApplication(row: ApplicationRow, tenantId: string, { known }: ScanIndex): Subject {
  return {
    identity: { tenantId, appId: row.appId, servicePrincipalId: null, applicationObjectId: row.id },
    id: row.appId,
    name: row.name,
    principal: null,
    known: known.get(row.appId) ?? null,
  };
}
