/** What both credential detections answer, whichever object carries the credential. */
import type { EventOf } from "../../domain/event.ts";
import type { Match } from "../../domain/finding.ts";

/**
 * One change writes several audit records, and its deliveries repeat: the object and the keys it gained name it, so that all of
 * them are one finding.
 */
export function credentialMatch(
  event: EventOf<"credentials-changed">,
  { title, samlSigningSet }: { readonly title: string; readonly samlSigningSet: boolean },
): Match {
  const { object, objectId, added, removed, before } = event;
  const keyIds = [...new Set(added.map((key) => key.keyId))].sort();
  return {
    title,
    dedupeBy: [objectId ?? "?", ...keyIds].join(","),
    details: { about: "credential-added", object, objectId, added, removed, before, samlSigningSet },
  };
}
