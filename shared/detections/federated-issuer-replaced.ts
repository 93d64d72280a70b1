/** The issuer of a federated credential was exchanged: subject and audience stay, but somebody else vouches for them now. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { federatedExample, githubTuple } from "./support/examples.ts";
import { federatedMatch, replacesIssuer } from "./support/federated-news.ts";

const mine = { ...githubTuple, issuer: "https://evil.blob.core.windows.net/oidc" };

export const federatedIssuerReplaced = defineDetection({
  id: "federated-issuer-replaced",
  title: "The issuer of a federated credential was replaced",
  severity: "high",
  attack: ["T1484.002", "T1098.001"],
  patterns: ["A12"],
  guide: {
    why: "With the issuer exchanged and everything else kept, the attacker's own token service signs tokens for the very subject that the pipeline used. The list looks unchanged at a glance.",
    check:
      "Who runs the new issuer: fetch its /.well-known/openid-configuration from a safe place. A storage account, a personal domain or a tunnel is a backdoor. Then whether the pipeline that used the old issuer still works.",
    falsePositives:
      "A move from one cluster or organisation to another that keeps the subjects, such as a rebuilt AKS cluster.",
    tune: "detections.federated-issuer-replaced, and trustedIssuers for issuers of your own, each with a subject prefix.",
  },
  on: ["federated-credentials-changed"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      federatedExample({ added: [mine], removed: [githubTuple] }),
      // beside one that only came
      federatedExample({ added: [{ ...mine, subject: "me" }, mine], removed: [githubTuple] }),
    ],
    ignore: [
      federatedExample({ added: [mine], removed: [] }),
      // another subject: one went, another came
      federatedExample({ added: [{ ...mine, subject: "me" }], removed: [githubTuple] }),
      federatedExample({ added: [{ ...githubTuple, audiences: ["api://other"] }], removed: [githubTuple] }),
      federatedExample({ added: [], removed: [githubTuple] }),
    ],
  },
});

function evaluate(event: EventOf<"federated-credentials-changed">, facts: DetectionFacts): Match | null {
  return replacesIssuer(event)
    ? federatedMatch(event, "The issuer of a federated credential was replaced", facts)
    : null;
}
