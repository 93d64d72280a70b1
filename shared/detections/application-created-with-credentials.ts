/** An application was created with a credential in the same call, which no later record of an added credential tells. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { credentialMatch } from "./support/credential-match.ts";
import { credentialExample, onExampleApplication } from "./support/examples.ts";
import { isSamlSigningSet } from "./support/saml-signing-set.ts";

const created = { ...onExampleApplication, before: 0, atCreation: true } as const;

export const applicationCreatedWithCredentials = defineDetection({
  id: "application-created-with-credentials",
  title: "The application was created with a credential",
  severity: "low",
  attack: ["T1098.001", "T1136.003"],
  patterns: ["A5"],
  guide: {
    why: "One call makes a new identity and the key to it. Rules that look for a credential added later see nothing, so scripts that leave a way back in like it.",
    check:
      "Whether the actor creates applications normally, what the application was given since (permissions, roles, groups), and whether it has signed in.",
    falsePositives: "Deployment scripts and vendors' installers that register their application with a certificate.",
    tune: "detections.application-created-with-credentials; a new application holds no permission yet, so observe loses little.",
  },
  on: ["credentials-changed"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [credentialExample(created), credentialExample({ ...created, before: null })],
    ignore: [
      credentialExample({ ...created, atCreation: false }),
      credentialExample({ ...created, added: [] }),
      credentialExample({ ...created, succeeded: false }),
      credentialExample({ atCreation: true }),
    ],
  },
});

function evaluate(event: EventOf<"credentials-changed">): Match | null {
  const { object, succeeded, added, atCreation } = event;
  if (object !== "application" || atCreation !== true || !succeeded || added.length === 0) return null;
  return credentialMatch(event, {
    title: "The application was created with a credential",
    samlSigningSet: isSamlSigningSet(added),
  });
}
