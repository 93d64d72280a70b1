/** A certificate that signs SAML tokens was added to a service principal: the set of three that single sign-on is set up with. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { credentialMatch } from "./support/credential-match.ts";
import { credentialExample, exampleKey, exampleSigningSet } from "./support/examples.ts";
import { isSamlSigningSet } from "./support/saml-signing-set.ts";

const title = "A SAML signing certificate was added to the service principal";

export const samlSigningCertificateAdded = defineDetection({
  id: "saml-signing-certificate-added",
  title,
  severity: "low",
  attack: ["T1098.001", "T1606.002"],
  patterns: ["A4"],
  guide: {
    why: "Who brings the signing certificate signs tokens as any user of the application that trusts it; and the certificate works as a credential of the service principal, too.",
    check:
      "Whether the application signs users in by SAML and its certificate was about to expire. If nobody renewed it, whether the application was told to trust the new one.",
    falsePositives:
      "Setting up single sign-on for an application of the gallery, and every renewal of its certificate.",
    tune: "detections.saml-signing-certificate-added: raise it to approve where certificates are renewed on known days. Nothing is removed by itself, for part of a set breaks the sign-on.",
  },
  on: ["credentials-changed"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      credentialExample({ added: exampleSigningSet }),
      credentialExample({ added: exampleSigningSet, removed: [exampleKey({})] }),
    ],
    ignore: [
      credentialExample({}),
      credentialExample({ added: exampleSigningSet.slice(1) }),
      credentialExample({ added: exampleSigningSet, succeeded: false }),
      credentialExample({ added: exampleSigningSet, object: "application" }),
    ],
  },
});

function evaluate(event: EventOf<"credentials-changed">): Match | null {
  if (event.object !== "servicePrincipal" || !event.succeeded || !isSamlSigningSet(event.added)) return null;
  return credentialMatch(event, { title, samlSigningSet: true });
}
