/**
 * Blindness is an incident: a log whose records stay away for longer than they ever do. One row is read, once a minute at most, by
 * the timer that sweeps; one silence is told once, and its end is told, too.
 */
import { type EventOf, LogCategory } from "../../domain/event.ts";
import { nobodyIn, topicKey } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import { type LogRhythm, usualGapMs } from "../../domain/log-rhythm.ts";
import type { Policy } from "../../domain/policy.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { closeOpen, openIn } from "../incident/close-open.ts";
import { placeFinding } from "../incident/place-finding.ts";
import { putDue, wake } from "../rows/due.ts";
import { loadPartition } from "../rows/partition.ts";
import { detect } from "./detect.ts";

const everyMs = 60_000;
/** What waited in the hubs while the app did not run comes first. */
const afterStartMs = 5 * 60_000;

/** `open`: some silence of that log is told and not over, as far as this process knows. */
interface Watch {
  readonly startedAt: number;
  nextAt: number;
  readonly open: Map<LogCategory, boolean>;
}

/** Call it as often as you like. */
export function createSilenceWatch(services: Services): () => Promise<void> {
  const { clock, policy, stores } = services;
  const watch: Watch = { startedAt: clock.now(), nextAt: clock.now() + afterStartMs, open: new Map() };
  return async () => {
    const now = clock.now();
    if (now < watch.nextAt) return;
    watch.nextAt = now + everyMs;
    for (const [name, rhythm] of await stores.freshness.all(policy.tenantId)) {
      const category = LogCategory.safeParse(name);
      if (category.success) await lookAt(services, watch, category.data, rhythm);
    }
  };
}

/** Pure. ms of the usual gap where the silence is longer than the policy bears; null: it is not, or nothing is usual yet. */
export function silenceOf(rhythm: LogRhythm, { tuning }: Pick<Policy, "tuning">, now: number): number | null {
  const usual = usualGapMs(rhythm);
  if (usual === null) return null;
  const bearable = Math.max(tuning.silence.factor * usual, tuning.silence.atLeastMinutes * 60_000);
  return now - rhythm.last > bearable ? usual : null;
}

async function lookAt(services: Services, watch: Watch, category: LogCategory, rhythm: LogRhythm): Promise<void> {
  const now = services.clock.now();
  const usual = silenceOf(rhythm, services.policy, now);
  if (usual !== null) {
    if (watch.open.get(category) === true) return;
    const event = silentEvent(services, category, rhythm, usual);
    for (const finding of detect(event, { now, tuning: services.policy.tuning })) await placeFinding(services, finding);
    watch.open.set(category, true);
    return;
  }
  // a process that has just begun does not know what the one before it told
  if (watch.open.get(category) !== false && (await closeSilence(services, category, rhythm)))
    watch.open.set(category, false);
}

function silentEvent(
  { policy, clock }: Services,
  category: LogCategory,
  { last }: LogRhythm,
  usual: number,
): EventOf<"log-silent"> {
  const lastAt = isoAt(last);
  const id = hashId("log-silent", category, lastAt);
  return {
    type: "log-silent",
    id,
    category,
    recordId: id,
    tenantId: policy.tenantId,
    occurredAt: isoAt(clock.now()),
    correlationId: null,
    actor: { kind: "unknown", id: null, appId: null, claimedName: null },
    subject: nobodyIn(policy.tenantId),
    claimedName: null,
    lastAt,
    usualGapMinutes: Math.round(usual / 60_000),
  };
}

/** False: its rows changed under us; the next look does it. */
async function closeSilence(services: Services, category: LogCategory, { last }: LogRhythm): Promise<boolean> {
  const key = topicKey(services.policy.tenantId, { kind: "log", id: category });
  const partition = await loadPartition(services.stores.identities, key);
  const open = openIn(partition);
  if (open === null) return true;
  const wakeUp = await putDue(services, { kind: "deliver", identity: key }, services.clock.now());
  const because = `records of ${category} come again, the newest at ${isoAt(last)}; what happened meanwhile may be missing`;
  const isClosed = await closeOpen(services, partition, open, because, { severity: "medium", urgency: "chat" });
  if (isClosed) await wake(services, [wakeUp]);
  return isClosed;
}
