/** What both credential detections answer, whichever object carries the credential. */
import type { EventOf } from "../../domain/event.ts";
import type { Match, Severity } from "../../domain/finding.ts";

/**
 * One change writes several audit records, and its deliveries repeat: the object and the keys it gained name it, so that all of
 * them are one finding.
 */
export function credentialMatch(
  event: EventOf<"credentials-changed">,
  answer: { readonly title: string; readonly severity?: Severity; readonly samlSigningSet: boolean },
): Match {
  const { samlSigningSet, ...told } = answer;
  const { object, objectId, added, removed, before } = event;
  const keyIds = [...new Set(added.map((key) => key.keyId))].sort();
  return {
    ...told,
    dedupeBy: [objectId ?? "?", ...keyIds].join(","),
    details: { about: "credential-added", object, objectId, added, removed, before, samlSigningSet },
  };
}
