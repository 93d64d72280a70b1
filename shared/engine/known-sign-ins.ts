/**
 * Sign-ins that say nothing new. Most of a tenant's records are the same few sign-ins, over and over: what was judged ordinary once is
 * known again by the record's own words, before anything is read of it, for the rest of that day.
 */
import { hash } from "node:crypto";
import { type Baseline, keptAs, type Observation, valuesWithin } from "../domain/baseline.ts";
import type { EventOf } from "../domain/event.ts";
import { type Fields, isFields } from "../records/fields.ts";

/** Fingerprints are of 22 characters; forgetting all of them costs one look at each. */
export const mostKnown = 100_000;
const mostPolicies = 20;
const dayMs = 24 * 3600_000;

/**
 * Of everything in a successful sign-in that anybody asks for, but for its own id and the time of day. Null: not to be known again, be it
 * because it failed, or because it is not written as Entra writes it.
 */
export function signInFingerprint(record: unknown): string | null {
  if (!isFields(record)) return null;
  const { category, resultType, properties } = record;
  if (category !== "ServicePrincipalSignInLogs" && category !== "ManagedIdentitySignInLogs") return null;
  if ((resultType !== "0" && resultType !== 0) || !isFields(properties)) return null;
  const day = dayOf(properties.createdDateTime);
  const policies = policiesOf(properties.appliedConditionalAccessPolicies);
  if (day === null || policies === null || typeof properties.appId !== "string") return null;
  const words = [category, record.tenantId, record.location, ...wordsOf(properties), ...policies];
  return words.every(isWord) ? hash("sha256", JSON.stringify([day, words]), "base64url").slice(0, 22) : null;
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

function wordsOf(properties: Fields): readonly unknown[] {
  const { location } = properties;
  return [
    properties.appId,
    properties.servicePrincipalId,
    properties.appOwnerTenantId,
    properties.servicePrincipalCredentialKeyId,
    properties.clientCredentialType,
    properties.resourceId,
    properties.resourceServicePrincipalId,
    properties.ipAddress,
    properties.autonomousSystemNumber,
    isFields(location) ? location.countryOrRegion : location,
    properties.riskLevelDuringSignIn,
    properties.riskLevelAggregated,
    properties.riskState,
    properties.conditionalAccessStatus,
  ];
}

/** Null: more, or others, than are compared. */
function policiesOf(policies: unknown): readonly unknown[] | null {
  if (policies === undefined || policies === null) return [];
  if (!Array.isArray(policies) || policies.length > mostPolicies || !policies.every(isFields)) return null;
  return policies.flatMap(({ id, result }) => [id, result]);
}

/** Only of a time in UTC, for its day is read off. */
function dayOf(time: unknown): string | null {
  if (typeof time !== "string" || time.length > 40 || !/^\d{4}-\d\d-\d\dT.*(?:Z|\+00:00)$/.test(time)) return null;
  return time.slice(0, 10);
}

/** No text so long that comparing it costs more than reading the record; no object, whose walk has no end. */
function isWord(value: unknown): boolean {
  if (typeof value === "string") return value.length <= 128;
  return value === undefined || value === null || typeof value === "number";
}
