/** A secret or certificate was added to an application object, beside what was there, or what was there is not said. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { credentialMatch } from "./support/credential-match.ts";
import { credentialExample, exampleKey, onExampleApplication as onApplication } from "./support/examples.ts";
import { isSamlSigningSet } from "./support/saml-signing-set.ts";

export const credentialAddedToApplication = defineDetection({
  id: "credential-added-to-application",
  title: "A credential was added to the application",
  severity: "medium",
  attack: ["T1098.001"],
  patterns: ["A1", "A3"],
  guide: {
    why: "A second secret beside the real one lets an attacker sign in as the application for years, and the real one goes on working, so nobody notices.",
    check:
      "Whether the owners rotate at the moment: a rotation takes the old one away soon after. Who added it, from where, and whether it was used from another network.",
    falsePositives: "Rotation is by far the most of it; then new environments that get a secret of their own.",
    tune: "detections.credential-added-to-application, and settle.addedCredentialMinutes, in which a rotation may finish.",
  },
  on: ["credentials-changed"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      credentialExample(onApplication),
      credentialExample({ ...onApplication, before: 2, added: [exampleKey({ keyType: "AsymmetricX509Cert" })] }),
      // not said what was there before: what came is not certain, but that something came must be seen
      credentialExample({ ...onApplication, before: null }),
    ],
    ignore: [
      credentialExample({ ...onApplication, added: [], removed: [exampleKey({})] }),
      credentialExample({ ...onApplication, succeeded: false }),
      // found as the first one, and as a creation
      credentialExample({ ...onApplication, before: 0 }),
      credentialExample({ ...onApplication, before: null, atCreation: true }),
      credentialExample({}),
    ],
  },
});

function evaluate(event: EventOf<"credentials-changed">): Match | null {
  const { object, succeeded, added, before, atCreation } = event;
  if (object !== "application" || !succeeded || added.length === 0) return null;
  if (before === 0 || atCreation === true) return null;
  return credentialMatch(event, {
    title: "A credential was added to the application",
    samlSigningSet: isSamlSigningSet(added),
  });
}
