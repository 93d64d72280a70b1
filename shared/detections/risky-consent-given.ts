/** Microsoft warned that the application is risky, and somebody who may consented all the same. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { consentMatch } from "./support/consent.ts";
import { consentExample } from "./support/examples.ts";

export const riskyConsentGiven = defineDetection({
  id: "risky-consent-given",
  title: "Somebody consented although Microsoft warned that the application is risky",
  severity: "high",
  attack: ["T1528"],
  patterns: ["C4"],
  guide: {
    why: "Microsoft stops users at a risky application, but only warns administrators. A phished administrator clicks past the warning, or an attacker with their session does.",
    check:
      "Ask the person who consented. Who publishes the application, when it was registered, and what it was given.",
    falsePositives: "A new product of an unverified publisher, which an administrator introduces knowingly.",
    tune: "detections.risky-consent-given: leave it at approve. Consents of these are rare, and each deserves a question.",
  },
  on: ["consented"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [consentExample(["User.Read"], { risky: true }), consentExample([], { risky: true, onBehalfOfAll: true })],
    ignore: [consentExample(["Mail.Read", "offline_access"]), consentExample(["Mail.Read"], { onBehalfOfAll: true })],
  },
});

function evaluate(event: EventOf<"consented">): Match | null {
  if (!event.risky) return null;
  return consentMatch(event, "Somebody consented although Microsoft warned that the application is risky");
}
