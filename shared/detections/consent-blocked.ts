/** Microsoft stopped a consent because the application is risky: nothing was given, but somebody is being phished. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { auditExample, exampleNobody } from "./support/examples.ts";

function example(change: Partial<EventOf<"consent-blocked">>): EventOf<"consent-blocked"> {
  const said = { reason: "Risky application detected", scopes: ["Mail.Read", "offline_access"] };
  return auditExample("consent-blocked", said, change);
}

export const consentBlocked = defineDetection({
  id: "consent-blocked",
  title: "Microsoft stopped a consent to a risky application",
  severity: "low",
  attack: ["T1528"],
  patterns: ["C3"],
  guide: {
    why: "Somebody followed a link of a consent phishing campaign. This one was stopped; the next user may be an administrator, whom Microsoft only warns.",
    check:
      "Which mail or site the link came from, who else got it, and whether anybody consented to the same application.",
    falsePositives: "New applications of unverified publishers that ask for more than a profile.",
    tune: "detections.consent-blocked: observe keeps it silent. It never causes more than a message, because a stranger can send such a link.",
  },
  on: ["consent-blocked"],
  // a stranger's link is enough
  ceiling: "notify",
  evaluate,
  examples: {
    match: [
      example({}),
      example({ scopes: [], reason: "UserConsentBlockedForRiskyAppsException" }),
      example({ subject: exampleNobody }),
    ],
    // only consents that Microsoft stopped for a risk are such events
    ignore: [],
  },
});

function evaluate(event: EventOf<"consent-blocked">): Match | null {
  const { reason, scopes, actor, subject, recordId } = event;
  return {
    title: "Microsoft stopped a consent to a risky application",
    // a user who clicks again and again is one finding
    dedupeBy: [actor.id ?? recordId, subject.appId ?? subject.applicationObjectId ?? recordId].join(","),
    details: { about: "consent-blocked", reason, scopes },
  };
}
