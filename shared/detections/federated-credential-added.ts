/** Somebody outside may sign in as the application from now on, without a secret that could leak or expire. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { federatedExample, githubTuple } from "./support/examples.ts";
import { federatedMatch, replacesIssuer } from "./support/federated-news.ts";

const backdoor = { ...githubTuple, issuer: "https://evil.blob.core.windows.net/oidc", subject: "me" };
const example = (change: Partial<EventOf<"federated-credentials-changed">>) =>
  federatedExample({ added: [backdoor], ...change });

export const federatedCredentialAdded = defineDetection({
  id: "federated-credential-added",
  title: "A federated credential was added to the application",
  severity: "high",
  attack: ["T1098.001", "T1484.002"],
  patterns: ["A11"],
  guide: {
    why: "Whoever the issuer vouches for signs in as the application: no secret that could leak, expire, or be found by a scanner. An attacker needs only a web page of their own that serves signing keys.",
    check:
      "Who runs the issuer, and whose subject that is: a repository of the organisation, or of somebody with a similar name. An issuer on a storage account or a private domain is a backdoor.",
    falsePositives: "New repositories, environments and clusters.",
    tune: "trustedIssuers, each with a subject prefix: what lies within, or was on the application before, is information only. detections.federated-credential-added for the rest.",
  },
  on: ["federated-credentials-changed"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      example({}),
      example({ before: null }),
      // another went, with another subject
      example({ removed: [githubTuple] }),
      // whoever the expression fits
      example({ added: [{ ...githubTuple, subject: null, expression: "claims['sub'] matches '*'" }] }),
      // known, and told all the same
      example({ added: [githubTuple] }),
    ],
    ignore: [
      example({ added: [], removed: [githubTuple] }),
      // alike but for the issuer: found as replaced
      example({ added: [{ ...githubTuple, issuer: backdoor.issuer }], removed: [githubTuple] }),
    ],
    facts: { trustedIssuers: [{ issuer: githubTuple.issuer, subjectPrefix: "repo:contoso/" }] },
  },
});

function evaluate(event: EventOf<"federated-credentials-changed">, facts: DetectionFacts): Match | null {
  if (event.added.length === 0 || replacesIssuer(event)) return null;
  const carrier = event.object === "application" ? "application" : "service principal";
  return federatedMatch(event, `A federated credential was added to the ${carrier}`, facts);
}
