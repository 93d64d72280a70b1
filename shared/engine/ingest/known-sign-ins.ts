/**
 * Sign-ins that say nothing new. Most of a tenant's records are the same few sign-ins, over and over: what was judged ordinary once is
 * known again by the record's own words, before anything is read of it, for the rest of that day.
 */
import { type Baseline, keptAs, type Observation, valuesWithin } from "../../domain/baseline.ts";
import type { EventOf } from "../../domain/event.ts";
import { type Fields, isFields } from "../../records/fields.ts";

/** What a sign-in record says, word by word; the first is its day, the second the application. */
export type Words = readonly unknown[];

export interface KnownSignIns {
  has(words: Words): boolean;
  /** Nothing where they are too many, too long, or no words at all. */
  add(words: Words): void;
}

/** Of about one KiB each; forgetting all of them costs one look at each. */
const mostKnown = 30_000;
/** More would take longer to compare than to read the record. */
const mostOfOneApplication = 32;
const mostPolicies = 20;
const longestWord = 128;
const dayMs = 24 * 3600_000;

export function createKnownSignIns(): KnownSignIns {
  const byApplication = new Map<unknown, Words[]>();
  let size = 0;
  return {
    has: (words) => byApplication.get(words[1])?.some((one) => isSame(one, words)) ?? false,
    add(words) {
      if (!words.every(isWord) || !isDay(words[0])) return;
      if (size >= mostKnown) {
        byApplication.clear();
        size = 0;
      }
      const known = byApplication.get(words[1]) ?? [];
      byApplication.set(words[1], known);
      if (known.length < mostOfOneApplication) size += 1;
      // in place of the oldest
      else known.shift();
      known.push(words);
    },
  };
}

function isSame(a: Words, b: Words): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}

/**
 * Everything in a successful sign-in that anybody asks for, but for its own id and the time of day. Null: not to be known again, be it
 * because it failed, or because it is not written as Entra writes it.
 */
export function wordsOfSignIn(record: unknown): Words | null {
  if (!isFields(record)) return null;
  const { category, resultType, properties } = record;
  if (category !== "ServicePrincipalSignInLogs" && category !== "ManagedIdentitySignInLogs") return null;
  if ((resultType !== "0" && resultType !== 0) || !isFields(properties)) return null;
  const { createdDateTime: time, appliedConditionalAccessPolicies: policies } = properties;
  if (typeof time !== "string" || typeof properties.appId !== "string" || !isUtc(time)) return null;
  const words = wordsOf(time.slice(0, 10), record, properties);
  if (policies === undefined || policies === null || (Array.isArray(policies) && policies.length === 0)) return words;
  const applied = wordsOfPolicies(policies);
  return applied === null ? null : [...words, ...applied];
}

/**
 * Is everything about it known since before that day, and its credentials too? Then no record that comes late can make it remarkable.
 * `seen` is what it taught, `baseline` what is known with that.
 */
export function isOrdinary(event: EventOf<"signed-in">, seen: readonly Observation[], baseline: Baseline): boolean {
  if (event.errorCode !== 0) return false;
  const at = Date.parse(event.occurredAt);
  const midnight = Math.floor(at / dayMs) * dayMs;
  const isKnown = seen.every(({ facet, value }) => {
    if (facet === "day") return true;
    const [first] = baseline.seen[facet]?.[keptAs(value)] ?? [at];
    return first < midnight;
  });
  return isKnown && !hasNewCredential(baseline, at);
}

function hasNewCredential(baseline: Baseline, at: number): boolean {
  const added = (["key-added", "federated"] as const).map((facet) =>
    valuesWithin(baseline, facet, at - dayMs, at + dayMs),
  );
  return added.some((values) => values.length > 0);
}

function wordsOf(day: string, record: Fields, properties: Fields): unknown[] {
  const { location } = properties;
  return [
    day,
    properties.appId,
    properties.servicePrincipalId,
    properties.ipAddress,
    properties.resourceId,
    properties.resourceServicePrincipalId,
    properties.servicePrincipalCredentialKeyId,
    properties.clientCredentialType,
    properties.federatedCredentialId,
    properties.autonomousSystemNumber,
    isFields(location) ? location.countryOrRegion : location,
    properties.riskState,
    properties.riskLevelDuringSignIn,
    properties.riskLevelAggregated,
    properties.conditionalAccessStatus,
    properties.appOwnerTenantId,
    record.location,
    record.category,
    record.tenantId,
  ];
}

/** Null: more, or others, than are compared. */
function wordsOfPolicies(policies: unknown): readonly unknown[] | null {
  if (!Array.isArray(policies) || policies.length > mostPolicies || !policies.every(isFields)) return null;
  return policies.flatMap(({ id, result }) => [id, result]);
}

/** Only of a time in UTC can the day be read off. */
function isUtc(time: string): boolean {
  return time[10] === "T" && (time.endsWith("Z") || time.endsWith("+00:00"));
}

function isDay(word: unknown): boolean {
  return typeof word === "string" && /^\d{4}-\d\d-\d\d$/.test(word);
}

/** An object is never the same as another. */
function isWord(value: unknown): boolean {
  if (typeof value === "string") return value.length <= longestWord;
  return value === undefined || value === null || typeof value === "number";
}
