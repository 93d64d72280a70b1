/** A user consented, for themselves, to what phishing applications ask for. */
import { consentSeen } from "../domain/baseline.ts";
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { isSensitiveScope } from "./data/permissions.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { consentMatch, isForEverybody, scopesOf } from "./support/consent.ts";
import { consentExample, graphExplorerExample } from "./support/examples.ts";
import { isMicrosoftTool } from "./support/microsoft-clients.ts";
import { scopesSeverity } from "./support/scopes-severity.ts";

export const illicitConsent = defineDetection({
  id: "illicit-consent",
  title: "A consent gave the application what phishing applications ask for",
  severity: "medium",
  attack: ["T1528"],
  patterns: ["C1"],
  guide: {
    why: "The user signs in at the real Microsoft and gives a stranger's application their mail and files. It survives a new password and asks for no second factor.",
    check:
      "Who publishes the application, whether others in the tenant use it, and by which link the user came to it. Then what it read since: mail access needs the mailbox audit log.",
    falsePositives:
      "Mail clients, calendars and note tools that people choose themselves. Microsoft's Graph Explorer and Graph command line tools, told by their appIds, are not found.",
    tune: "detections.illicit-consent. Where somebody consented to the same application tuning.learningDays before, it is only told. Restricting user consent in Entra to verified publishers and low permissions makes it rare.",
  },
  on: ["consented"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      consentExample(["offline_access", "Mail.Read", "Mail.Send"]),
      consentExample(["Files.ReadWrite.All"]),
      consentExample(["Mail.Read"], { risky: true }),
    ],
    ignore: [
      consentExample(["User.Read", "openid", "profile", "offline_access"]),
      // for everybody: found as that
      consentExample(["Mail.Read"], { onBehalfOfAll: true }),
      // each application permission it gave is a record of its own
      consentExample([], { appRoles: true }),
      graphExplorerExample(["Mail.Read", "Files.ReadWrite.All"]),
    ],
  },
});

function evaluate(event: EventOf<"consented">, facts: DetectionFacts): Match | null {
  const scopes = scopesOf(event);
  if (isMicrosoftTool(event) || isForEverybody(event) || !scopes.some(isSensitiveScope)) return null;
  const title = "A consent gave the application what phishing applications ask for";
  const match = consentMatch(event, title, scopesSeverity(scopes, false));
  return isInUse(event, facts) && !event.risky ? { ...match, ceiling: "notify" } : match;
}

/** Did somebody consent to it before the days in which nothing is usual yet? The next user of the same mail client does, too. */
function isInUse({ occurredAt }: EventOf<"consented">, { baseline, tuning }: DetectionFacts): boolean {
  const since = baseline?.seen.grant?.[consentSeen]?.[0];
  return since !== undefined && since <= Date.parse(occurredAt) - tuning.learningDays * 24 * 3600_000;
}
