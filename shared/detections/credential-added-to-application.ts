/** A secret or certificate was added to an application object. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { credentialMatch } from "./support/credential-match.ts";
import { credentialExample, exampleKey } from "./support/examples.ts";
import { isSamlSigningSet } from "./support/saml-signing-set.ts";

const onApplication = { object: "application", objectId: "8d8d96a4-edb4-495c-a412-6e72c7e21084" } as const;

export const credentialAddedToApplication = defineDetection({
  id: "credential-added-to-application",
  title: "A credential was added to the application",
  severity: "medium",
  attack: ["T1098.001"],
  patterns: ["A1", "A3"],
  on: ["credentials-changed"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      credentialExample(onApplication),
      credentialExample({ ...onApplication, before: 0, added: [exampleKey({ keyType: "AsymmetricX509Cert" })] }),
      // not said what was there before: what came is not certain, but that something came must be seen
      credentialExample({ ...onApplication, before: null }),
    ],
    ignore: [
      credentialExample({ ...onApplication, added: [], removed: [exampleKey({})] }),
      credentialExample({ ...onApplication, succeeded: false }),
      credentialExample({}),
    ],
  },
});

function evaluate(event: EventOf<"credentials-changed">): Match | null {
  if (event.object !== "application" || !event.succeeded || event.added.length === 0) return null;
  return credentialMatch(event, {
    title: "A credential was added to the application",
    samlSigningSet: isSamlSigningSet(event.added),
  });
}
