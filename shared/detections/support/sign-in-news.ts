/** What is new about a sign-in, held against what was seen of the identity before. What cannot be told is not new. */
import { type Baseline, type Facet, isLearnedAt, isNewAt, valuesWithin } from "../../domain/baseline.ts";
import type { EventOf } from "../../domain/event.ts";
import { networkSeen, systemSeen } from "../../domain/sign-in-values.ts";
import type { DetectionFacts } from "../detection.ts";

const dayMs = 24 * 3600_000;
/** An identity without a sign-in for so long is dormant. */
const dormantMs = 30 * dayMs;

/** The baseline of an identity that was watched for long enough before a successful sign-in; else null. */
export function learnedBefore(event: EventOf<"signed-in">, { baseline, tuning }: DetectionFacts): Baseline | null {
  if (event.errorCode !== 0 || !baseline) return null;
  return isLearnedAt(baseline, Date.parse(event.occurredAt), tuning.learningDays) ? baseline : null;
}

/** The value, when it certainly was not seen before the event. */
export function newValue(
  baseline: Baseline,
  facet: Facet,
  value: string | null,
  event: EventOf<"signed-in">,
): string | null {
  return value !== null && isNewAt(baseline, facet, value, Date.parse(event.occurredAt)) === true ? value : null;
}

/**
 * The country, when others were seen before it: records that begin to say from where tell nothing new of anybody.
 */
export function newCountry(baseline: Baseline, event: EventOf<"signed-in">): string | null {
  return knowsAny(baseline, "country", Date.parse(event.occurredAt))
    ? newValue(baseline, "country", event.country, event)
    : null;
}

/**
 * The autonomous system where the record has one and some were seen before, else the address's network. Systems get renamed and
 * addresses move, so a new system counts only with a new network.
 */
export function newNetwork(baseline: Baseline, event: EventOf<"signed-in">): string | null {
  const network = networkSeen(event);
  if (!knowsAny(baseline, "network", Date.parse(event.occurredAt))) return null;
  const isKnown = network !== null && newValue(baseline, "network", network, event) === null;
  if (isKnown) return null;
  const system = systemSeen(event);
  const bySystem = system !== null && knowsSystems(baseline, Date.parse(event.occurredAt));
  return newValue(baseline, "network", bySystem ? system : network, event);
}

/**
 * Is what the identity did at that moment out of its usual way, as its baseline alone tells: a new network or country of a learned
 * identity, or the first sign-in after a long silence. The event itself need not be at hand.
 */
export function isUnusualAt(baseline: Baseline, at: number, learningDays: number): boolean {
  if (!isLearnedAt(baseline, at, learningDays)) return false;
  const networks = firstSeenAt(baseline, "network", at);
  const isOf = (kind: string) => networks.some((value) => value.startsWith(kind));
  const isElsewhere = isOf("net:") && (isOf("asn:") || !knowsSystems(baseline, at));
  if (isElsewhere && knowsAny(baseline, "network", at)) return true;
  const isAbroad = firstSeenAt(baseline, "country", at).length > 0 && knowsAny(baseline, "country", at);
  return isAbroad || isDormantAt(baseline, at);
}

function knowsAny({ seen }: Baseline, facet: Facet, before: number): boolean {
  return Object.values(seen[facet] ?? {}).some(([first]) => first < before);
}

function knowsSystems({ seen }: Baseline, before: number): boolean {
  return Object.entries(seen.network ?? {}).some(([value, [first]]) => value.startsWith("asn:") && first < before);
}

function firstSeenAt({ seen, forgotten }: Baseline, facet: Facet, at: number): readonly string[] {
  if (forgotten[facet] !== undefined) return [];
  return Object.entries(seen[facet] ?? {}).flatMap(([value, [first]]) => (first === at ? [value] : []));
}

function isDormantAt(baseline: Baseline, at: number): boolean {
  const watchedSince = baseline.signInsSince ?? at;
  return watchedSince <= at - dormantMs && valuesWithin(baseline, "day", at - dormantMs, at - 1).length === 0;
}
