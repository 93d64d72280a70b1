/** Event → what was seen in it: every registered detection that listens to this type of event, in the order of the registry. */
import type { Detection, DetectionFacts } from "../../detections/detection.ts";
import type { IdentityEvent } from "../../domain/event.ts";
import type { Finding, Match, Topic } from "../../domain/finding.ts";
import { type IdentityKey, type IdentityRef, namesNobody, nobodyIn } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import { strictest } from "../../domain/mode.ts";
import { isoAt } from "../../ports/clock.ts";
import { detections } from "../registry.ts";

/** A finding that has no place yet: its id is a hash over the key it will be stored under. */
export type Unplaced = Omit<Finding, "id">;

/** Pure. Whom a finding is about stands in its `subject`, or in its `topic` where that is no workload identity. */
export function detect(event: IdentityEvent, facts: DetectionFacts): readonly Unplaced[] {
  return [...detections.values()].flatMap((detection) => {
    if (!detection.on.includes(event.type)) return [];
    const match = detection.evaluate(event, facts);
    return match === null ? [] : unplaced(detection, match, event, facts.now);
  });
}

/** Does anything listen to this type of event? What nobody listens to needs no identity, hence no table. */
export function isListenedTo(type: IdentityEvent["type"]): boolean {
  return [...detections.values()].some((detection) => detection.on.includes(type));
}

/** With the identity it turned out to have. Every hash is over the resolved key only: deliveries of one thing meet. */
export function withIdentity(finding: Unplaced, key: IdentityKey, subject: IdentityRef): Finding {
  return { ...finding, id: hashId(key, finding.detection, finding.dedupeBy), subject };
}

interface Whom {
  readonly subject: IdentityRef;
  readonly topic?: Topic;
  readonly claimedName: string | null;
  readonly claimedId?: string;
}

function unplaced(detection: Detection, match: Match, event: IdentityEvent, now: number): readonly Unplaced[] {
  const whom = whomOf(detection.id, event, match.about);
  if (whom === null) return [];
  // nobody can be held for it, so somebody is told of it
  const most = whom.topic === undefined ? detection.ceiling : strictest(detection.ceiling, "notify");
  return [
    {
      ...whom,
      detection: detection.id,
      severity: match.severity ?? detection.severity,
      ceiling: match.ceiling === undefined ? most : strictest(most, match.ceiling),
      title: match.title,
      actorId: event.actor.id,
      actorKind: event.actor.kind,
      // nothing else tells one from another there
      dedupeBy: whom.topic?.kind === "unnamed" ? `${match.dedupeBy},${event.recordId}` : match.dedupeBy,
      details: match.details,
      warrant: {
        category: event.category,
        recordId: event.recordId,
        correlationId: event.correlationId,
        activityAt: event.occurredAt,
        raisedAt: event.type === "risk-detected" ? event.detectedAt : event.occurredAt,
      },
      receivedAt: isoAt(now),
    },
  ];
}

/** Null: it would be about an actor that the record does not name. */
function whomOf(
  detection: string,
  { tenantId, subject, actor, claimedName, claimedId, occurredAt }: IdentityEvent,
  about: Match["about"],
): Whom | null {
  const nobody = nobodyIn(tenantId);
  if (about === undefined) {
    if (!namesNobody(subject)) return { subject, claimedName };
    // of one kind and one hour together: where a tenant masks its log, there is no end of them
    const topic: Topic = { kind: "unnamed", id: hashId(detection, occurredAt.slice(0, 13)) };
    return { subject: nobody, topic, claimedName, ...(claimedId === undefined ? {} : { claimedId }) };
  }
  if (about !== "actor") return { subject: nobody, topic: about, claimedName };
  if (actor.id === null || actor.kind === "unknown") return null;
  if (actor.kind === "user")
    return { subject: nobody, topic: { kind: "user", id: actor.id }, claimedName: actor.claimedName };
  // the appId that an audit record names beside its actor is nearly always missing, and never vouched for
  return { subject: { ...nobody, servicePrincipalId: actor.id }, claimedName: actor.claimedName };
}
