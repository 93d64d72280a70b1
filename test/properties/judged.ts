/** A record to its events, and events to what the detections say of them, with much or nothing known besides. */
import type { Detection, DetectionFacts } from "../../shared/detections/detection.ts";
import { type Baseline, emptyBaseline, Facet } from "../../shared/domain/baseline.ts";
import type { IdentityEvent } from "../../shared/domain/event.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";
import { detections } from "../../shared/engine/registry.ts";
import { type Normalised, normalise } from "../../shared/records/index.ts";
import { tenantOfRecord } from "../../shared/records/raw-record.ts";

export const now = Date.parse("2026-03-02T10:00:00Z");
const ownTenant = "5611623b-9128-461e-9d7f-a0d9c270ead2";
const longAgo = now - 300 * 24 * 3600_000;

export function read(record: unknown): Normalised {
  const isObject = typeof record === "object" && record !== null && !Array.isArray(record);
  return normalise(record, (isObject ? tenantOfRecord({ ...record }) : null) ?? ownTenant);
}

export function eventsOf(one: Normalised): readonly IdentityEvent[] {
  return one.outcome === "event" ? [one.event, ...(one.more ?? [])] : [];
}

/** Watched for long, and everything about it is new; each facet has values that nobody could mistake for those of a record. */
const watched: Baseline = {
  signInsSince: longAgo,
  changesSince: longAgo,
  seen: Object.fromEntries(Facet.options.map((facet) => [facet, { "something else": [longAgo, longAgo] }])),
  forgotten: {},
};

export const manyFacts: readonly DetectionFacts[] = [
  { now, tuning: defaultTuning },
  { now, tuning: defaultTuning, baseline: emptyBaseline, actorBaseline: emptyBaseline },
  {
    now,
    tuning: defaultTuning,
    createdAt: () => now - 60_000,
    containment: { planId: "p", appliedAt: new Date(now - 3600_000).toISOString() },
    baseline: watched,
    actorBaseline: watched,
    trusted: { ranges: ["203.0.113.0/24", "2001:db8::/32"], source: "the policy's line for it" },
  },
];

/** What each detection that listens says; those named are left out. */
export function judged(event: IdentityEvent, facts: DetectionFacts, without: readonly string[] = []) {
  return listening(event, without).flatMap((detection) => {
    const match = detection.evaluate(event, facts);
    if (match === null) return [];
    const { severity, ceiling, dedupeBy, about } = match;
    return [{ detection: detection.id, severity, ceiling, dedupeBy, about }];
  });
}

function listening(event: IdentityEvent, without: readonly string[]): readonly Detection[] {
  return [...detections.values()].filter(({ id, on }) => on.includes(event.type) && !without.includes(id));
}
