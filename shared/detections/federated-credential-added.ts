/** Somebody outside may sign in as the application from now on, without a secret that could leak or expire. */
import type { EventOf } from "../domain/event.ts";
import type { FederatedTuple, Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { auditExample } from "./support/examples.ts";

const objectId = "8d8d96a4-edb4-495c-a412-6e72c7e21084";
const github: FederatedTuple = {
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/payroll:ref:refs/heads/main",
  expression: null,
  audiences: ["api://AzureADTokenExchange"],
};
const backdoor: FederatedTuple = { ...github, issuer: "https://evil.blob.core.windows.net/oidc", subject: "me" };

function example(change: Partial<EventOf<"federated-credentials-changed">>): EventOf<"federated-credentials-changed"> {
  const carrier = { object: "application", objectId, before: 1 } as const;
  return auditExample("federated-credentials-changed", { ...carrier, added: [backdoor], removed: [] }, change);
}

export const federatedCredentialAdded = defineDetection({
  id: "federated-credential-added",
  title: "A federated credential was added to the application",
  severity: "high",
  attack: ["T1098.001", "T1484.002"],
  patterns: ["A11"],
  on: ["federated-credentials-changed"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      example({}),
      example({ before: null }),
      // the issuer was replaced
      example({ added: [backdoor], removed: [github] }),
      // whoever the expression fits
      example({ added: [{ ...github, subject: null, expression: "claims['sub'] matches '*'" }] }),
    ],
    ignore: [example({ added: [], removed: [github] })],
  },
});

function evaluate(event: EventOf<"federated-credentials-changed">): Match | null {
  const { objectId: carrier, added } = event;
  if (added.length === 0) return null;
  return {
    title: `A federated credential was added to the ${event.object === "application" ? "application" : "service principal"}`,
    dedupeBy: actOf(event, carrier),
    details: { about: "federated-credential-added", objectId: carrier, added },
  };
}
