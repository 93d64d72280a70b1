/**
 * Who is unused? A scan of the whole tenant, nightly or when somebody asks: it reads Graph page by page, judges everybody, and begins the few
 * that policy lets it. One process at a time; a run ends at its budget, and the next one goes on where it was.
 *
 *   wanted ──> parts, one after the other ──> judging, page by page ──> whole ──> begin the few
 *                 │  ^                             │  ^                   │
 *                 └──┘ cut short: the same         └──┘ cut short: the    └── only reports: nobody is begun
 *                      page, the same place             next page
 */
import { dayMs } from "../../../domain/day.ts";
import { describeError, TerminalError } from "../../../domain/errors.ts";
import { hashId } from "../../../domain/ids.ts";
import { isoAt } from "../../../ports/clock.ts";
import type { Services } from "../../../ports/services.ts";
import { beginRetirements, mayBegin } from "../begin/begin-retirements.ts";
import { finishScan } from "./finish-scan.ts";
import { judgePages, prepareJudging } from "./judge-scan.ts";
import { type PartRead, readPart } from "./read-part.ts";
import { type ScanHand, saveCurrent, takeInHand } from "./scan-hand.ts";
import { newScanState, readScanState, type ScanInHand, ScanPart, type ScanState, verdictsOf } from "./scan-state.ts";
import { watchAt } from "./watch-unbroken.ts";

const leaseName = "retire-unused";
const minuteMs = 60_000;
/** After the dependency cache was filled, by the clock of UTC. */
const nightlyMs = 3 * 60 * minuteMs + 15 * minuteMs;

/** Call it every minute; `budgetMs`: after so long it begins no other page. Throws RetryableError. */
export async function continueScan(services: Services, budgetMs: number): Promise<void> {
  const { clock, instance, limits, policy, stores } = services;
  const now = clock.now();
  const glance = await readScanState(services);
  if (glance === null) {
    await stores.scans.put(policy.tenantId, newScanState(now), null);
    return;
  }
  if (!hasWork(services, glance.state, now)) return;
  const until = now + budgetMs + 2 * limits.requestTimeoutMs + minuteMs;
  if (!(await stores.leases.acquire(leaseName, instance, now, until))) return;
  try {
    const read = await readScanState(services);
    if (read !== null) await run(takeInHand(services, read, now + budgetMs));
  } finally {
    await stores.leases.release(leaseName, instance);
  }
}

function hasWork(services: Services, state: ScanState, now: number): boolean {
  const { current } = state;
  if (current === null) return isDue(state, now) || state.stale.length > 0 || mayBegin(services, state, now);
  return current.notBefore <= now;
}

/** Pure. The first night is the one after the first look: a process that starts has better things to do. */
export function isDue({ requestedAt, since, last, failed }: ScanState, now: number): boolean {
  if (requestedAt !== null) return true;
  const night = Math.floor((now - nightlyMs) / dayMs) * dayMs + nightlyMs;
  return night > Math.max(since, last?.startedAt ?? 0, failed?.startedAt ?? 0);
}

async function run(hand: ScanHand): Promise<void> {
  const { clock } = hand.services;
  if (hand.state.current === null && isDue(hand.state, clock.now()) && !(await begin(hand))) return;
  while (hand.state.current !== null) {
    if (clock.now() >= hand.endsAt) return;
    if ((await step(hand, hand.state.current)) !== "on") return;
  }
  if (!(await dropStale(hand))) return;
  await beginRetirements(hand);
}

async function begin(hand: ScanHand): Promise<boolean> {
  const { clock, policy, stores } = hand.services;
  const startedAt = clock.now();
  const rhythms = await stores.freshness.all(policy.tenantId);
  const current: ScanInHand = {
    scanId: hashId("scan", policy.tenantId, isoAt(startedAt)),
    startedAt,
    part: "service-principals",
    cursor: null,
    parts: {},
    missing: [],
    setbacks: 0,
    notBefore: 0,
    judged: { pages: 0, counts: {} },
    failure: null,
  };
  return hand.save((state) => ({
    ...state,
    requestedAt: null,
    current,
    watch: watchAt(state.watch, rhythms, policy, startedAt),
    candidates: [],
    credentials: [],
  }));
}

async function step(hand: ScanHand, current: ScanInHand): Promise<PartRead> {
  const whole = current.missing.find(({ part }) => part === "service-principals");
  if (whole !== undefined) return fail(hand, current, `the service principals could not be read: ${whole.why}`);
  if (current.part !== "judging") return readPart(hand, ScanPart.parse(current.part), current);
  try {
    return await judge(hand, current);
  } catch (error) {
    // kept pages that are lost, or that do not fit: the same again at every run, and a new scan is sound
    if (!(error instanceof TerminalError)) throw error;
    return fail(hand, current, describeError(error));
  }
}

async function judge(hand: ScanHand, current: ScanInHand): Promise<PartRead> {
  const judging = await prepareJudging(hand, current);
  if (judging === null) {
    const failure = "who we are ourselves could not be learned, so nobody is judged: see the health endpoint";
    return (await saveCurrent(hand, (now) => ({ ...now, failure }))) ? "later" : "lost";
  }
  const read = await judgePages(hand, current, judging);
  if (read !== "on" || hand.state.current === null) return read;
  return (await finishScan(hand, hand.state.current, judging)) ? "on" : "lost";
}

async function fail(hand: ScanHand, { scanId, startedAt }: ScanInHand, why: string): Promise<PartRead> {
  const { clock, logger } = hand.services;
  logger.warn("A scan of who is unused failed; the last whole one stays", { scanId, reason: why });
  const isSaved = await hand.save((state) => ({
    ...state,
    current: null,
    failed: { scanId, startedAt, endedAt: clock.now(), why },
    stale: [...state.stale, scanId, verdictsOf(scanId)],
  }));
  return isSaved ? "on" : "lost";
}

/** Deleting twice is harmless; forgetting to is not. */
async function dropStale(hand: ScanHand): Promise<boolean> {
  const { stores, policy } = hand.services;
  const { stale } = hand.state;
  if (stale.length === 0) return true;
  for (const scanId of stale) await stores.scans.drop(policy.tenantId, scanId);
  return hand.save((state) => ({ ...state, stale: state.stale.filter((one) => !stale.includes(one)) }));
}
