/** An application that had no credential got one: from now on somebody can sign in as it. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { credentialMatch } from "./support/credential-match.ts";
import { credentialExample, exampleKey, onExampleApplication } from "./support/examples.ts";
import { isSamlSigningSet } from "./support/saml-signing-set.ts";

export const firstCredentialAdded = defineDetection({
  id: "first-credential-added",
  title: "The application got its first credential",
  severity: "medium",
  attack: ["T1098.001", "T1550.001"],
  patterns: ["A1", "A2"],
  guide: {
    why: "An application that nobody signs in as is a permission lying about. A first secret or certificate picks it up, and no working client notices, because there was none.",
    check:
      "When the application was created and by whom, what permissions it holds, and whether the actor normally works on it. A first sign-in with the new key from an unknown network settles it.",
    falsePositives:
      "Every developer who registers an application gives it a first secret within minutes. Applications that signed in by federated credentials or only with users get one when they change.",
    tune: "detections.first-credential-added; observe suits tenants in which developers register applications themselves. settle.addedCredentialMinutes delays the removal.",
  },
  on: ["credentials-changed"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      credentialExample({ ...onExampleApplication, before: 0 }),
      credentialExample({ ...onExampleApplication, before: 0, added: [exampleKey({ keyType: "AsymmetricX509Cert" })] }),
    ],
    ignore: [
      // beside another, or not said what was there
      credentialExample({ ...onExampleApplication, before: 1 }),
      credentialExample({ ...onExampleApplication, before: null }),
      credentialExample({ ...onExampleApplication, before: 0, atCreation: true }),
      credentialExample({ ...onExampleApplication, before: 0, succeeded: false }),
      credentialExample({ ...onExampleApplication, before: 0, added: [] }),
      credentialExample({ before: 0 }),
    ],
  },
});

function evaluate(event: EventOf<"credentials-changed">): Match | null {
  const { object, succeeded, added, before, atCreation } = event;
  if (object !== "application" || !succeeded || added.length === 0) return null;
  if (before !== 0 || atCreation === true) return null;
  return credentialMatch(event, {
    title: "The application got its first credential",
    samlSigningSet: isSamlSigningSet(added),
  });
}
