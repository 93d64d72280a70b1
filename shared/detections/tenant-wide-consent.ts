/** Somebody consented for everybody to what phishing applications ask for, or to application permissions. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { isSensitiveScope } from "./data/permissions.ts";
import { defineDetection } from "./detection.ts";
import { consentMatch, isForEverybody, scopesOf } from "./support/consent.ts";
import { consentExample, exampleNobody, graphExplorerExample } from "./support/examples.ts";
import { isMicrosoftTool } from "./support/microsoft-clients.ts";

const mail = ["offline_access", "Mail.Read"];
const forAll = { onBehalfOfAll: true };

export const tenantWideConsent = defineDetection({
  id: "tenant-wide-consent",
  title: "A consent for the whole tenant gave the application what attackers ask for",
  severity: "high",
  attack: ["T1098.003", "T1528"],
  patterns: ["C2"],
  guide: {
    why: "One click of an administrator lets the application act for every user, or by itself with application permissions, and no user is asked again.",
    check:
      "Who consented, and whether they remember it. Who publishes the application, how old it is, and what it has read since. Application permissions that came with it have findings of their own.",
    falsePositives: "Every product that an administrator introduces for all: mail gateways, backup, meeting tools.",
    tune: "detections.tenant-wide-consent. Consents to sign-in and profile alone are not found at all.",
  },
  on: ["consented"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      consentExample(mail, forAll),
      // the flag is missing, but the grant is for all principals
      {
        ...consentExample(mail),
        grants: consentExample(mail).grants.map((one) => ({ ...one, consentType: "AllPrincipals" })),
      },
      consentExample([], { ...forAll, appRoles: true }),
      // the name of a tool of Microsoft's, or its appId with what such a tool never gets
      consentExample(mail, { ...forAll, claimedName: "Graph Explorer" }),
      graphExplorerExample(mail, { ...forAll, appRoles: true }),
      consentExample(mail, { ...forAll, subject: exampleNobody, claimedId: "b55552fe-xxxx-xxxx-xxxx-95038d917878" }),
    ],
    ignore: [
      consentExample(mail),
      consentExample(["User.Read", "openid", "profile", "offline_access"], forAll),
      consentExample([], { appRoles: true }),
      graphExplorerExample(mail, forAll),
    ],
  },
});

function evaluate(event: EventOf<"consented">): Match | null {
  if (!isForEverybody(event) || isMicrosoftTool(event)) return null;
  if (!event.appRoles && !scopesOf(event).some(isSensitiveScope)) return null;
  return consentMatch(event, "A consent for the whole tenant gave the application what attackers ask for");
}
