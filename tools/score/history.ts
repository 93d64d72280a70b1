/**
 * The records of one file as one history, in the order of what they tell: what ingest would know when each of them comes. A record
 * that stands alone in its file teaches only itself.
 */
import type { DetectionFacts } from "../../shared/detections/detection.ts";
import { type Baseline, emptyBaseline, type Observation } from "../../shared/domain/baseline.ts";
import type { IdentityEvent } from "../../shared/domain/event.ts";
import { learn } from "../../shared/domain/learn.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";
import { observationsOf, observationsOfActor } from "../../shared/engine/ingest/observations.ts";
import { joinIds } from "./join-ids.ts";

const forgetMs = defaultTuning.forgetDays * 24 * 3600_000;

/** With the policy's default thresholds, on the day each of them happened. */
export function factsOf(events: readonly IdentityEvent[]): ReadonlyMap<IdentityEvent, DetectionFacts> {
  const created = new Map(events.flatMap(createdObject));
  const nameOf = joinIds(events.map(idsOf));
  const known = new Map<string, Baseline>();
  const learned = (key: string, seen: readonly Observation[], now: number) => {
    const baseline = learn(known.get(key) ?? emptyBaseline, seen, now, forgetMs);
    known.set(key, baseline);
    return baseline;
  };
  const inOrder = events.toSorted((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt));
  return new Map(
    inOrder.map((event) => {
      const now = Date.parse(event.occurredAt);
      const [id] = idsOf(event);
      const { tenantId, actor } = event;
      const baseline = id === undefined ? null : learned(`${tenantId}|${nameOf(id)}`, observationsOf(event), now);
      const actorBaseline =
        actor.id === null ? null : learned(`${tenantId}|actor:${actor.id}`, observationsOfActor(event), now);
      const createdAt = (objectId: string) => created.get(objectId) ?? null;
      return [event, { now, tuning: defaultTuning, createdAt, baseline, actorBaseline }];
    }),
  );
}

function idsOf({ subject }: IdentityEvent): readonly string[] {
  const { appId, servicePrincipalId, applicationObjectId } = subject;
  return [appId, servicePrincipalId, applicationObjectId].filter((id) => id !== null);
}

function createdObject(event: IdentityEvent): readonly (readonly [string, number])[] {
  if (event.type !== "existence-changed" || event.change !== "created" || event.objectId === null) return [];
  return [[event.objectId, Date.parse(event.occurredAt)]];
}
