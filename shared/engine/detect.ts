/** Event → findings: every registered detection that listens to this type of event, in the order of the registry. */
import type { Detection, DetectionFacts } from "../detections/detection.ts";
import type { IdentityEvent } from "../domain/event.ts";
import type { Finding, Match } from "../domain/finding.ts";
import type { IdentityKey, IdentityRef } from "../domain/identity.ts";
import { hashId } from "../domain/ids.ts";
import { strictest } from "../domain/mode.ts";
import { isoAt } from "../ports/clock.ts";
import { detections } from "./registry.ts";

/** Pure. A finding's id is of the resolved identity, the detection and the thing seen: deliveries of it meet. */
export function detect(
  event: IdentityEvent,
  key: IdentityKey,
  now: number,
  known: Omit<DetectionFacts, "now"> = {},
): readonly Finding[] {
  return [...detections.values()].flatMap((detection) => {
    if (!detection.on.includes(event.type)) return [];
    const match = detection.evaluate(event, { now, ...known });
    return match === null ? [] : [findingOf(detection, match, event, key, now)];
  });
}

/** Does anything listen to this type of event? What nobody listens to needs no identity, hence no table. */
export function isListenedTo(type: IdentityEvent["type"]): boolean {
  return [...detections.values()].some((detection) => detection.on.includes(type));
}

/** The same finding with the identity it turned out to have: every hash is over the resolved key only. */
export function withIdentity(finding: Finding, key: IdentityKey, subject: IdentityRef): Finding {
  return { ...finding, id: hashId(key, finding.detection, finding.dedupeBy), subject };
}

function findingOf(detection: Detection, match: Match, event: IdentityEvent, key: IdentityKey, now: number): Finding {
  return {
    id: hashId(key, detection.id, match.dedupeBy),
    detection: detection.id,
    severity: match.severity ?? detection.severity,
    ceiling: match.ceiling === undefined ? detection.ceiling : strictest(detection.ceiling, match.ceiling),
    title: match.title,
    subject: event.subject,
    claimedName: event.claimedName,
    actorId: event.actor.id,
    dedupeBy: match.dedupeBy,
    details: match.details,
    warrant: {
      category: event.category,
      recordId: event.recordId,
      correlationId: event.correlationId,
      activityAt: event.occurredAt,
      raisedAt: event.type === "risk-detected" ? event.detectedAt : event.occurredAt,
    },
    receivedAt: isoAt(now),
  };
}
