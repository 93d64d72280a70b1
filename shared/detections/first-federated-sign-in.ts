/** An application that always signed in by secret or certificate did so through another identity provider. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { credentialTypeSeen, federatedType } from "../domain/sign-in-values.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { isMicrosoftOwned } from "./support/microsoft-owned.ts";
import { exampleBaseline, signInExample, usualValues } from "./support/sign-in-examples.ts";
import { learnedBefore, newValue } from "./support/sign-in-news.ts";
import { signedInDetails } from "./support/signed-in-details.ts";

const example = (change: Partial<EventOf<"signed-in">>) =>
  signInExample({ credentialType: "federatedIdentityCredential", credentialKeyId: null, ...change });

export const firstFederatedSignIn = defineDetection({
  id: "first-federated-sign-in",
  title: "The identity signed in with a federated credential for the first time",
  severity: "medium",
  attack: ["T1550", "T1098.001"],
  patterns: ["E7"],
  guide: {
    why: "With a federated credential of their own an attacker signs in through an issuer that they run, and there is no secret to find or rotate.",
    check:
      "The federated credentials of the application: issuer and subject of each, and who added the newest one and when.",
    falsePositives: "A pipeline that was moved from a secret to workload identity federation, as Microsoft recommends.",
    tune: "tuning.learningDays says how long an identity is watched first.",
  },
  on: ["signed-in"],
  ceiling: "approve",
  evaluate,
  examples: {
    facts: { baseline: exampleBaseline({ "credential-type": usualValues("clientsecret") }) },
    match: [example({}), example({ credentialType: "FederatedIdentityCredential" })],
    ignore: [
      signInExample({}),
      signInExample({ credentialType: "certificate" }),
      example({ errorCode: 700213 }),
      example({ ownerTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" }),
      example({ occurredAt: "2026-01-25T09:41:00.000Z" }),
    ],
  },
});

function evaluate(event: EventOf<"signed-in">, facts: DetectionFacts): Match | null {
  const type = credentialTypeSeen(event);
  if (type !== federatedType || isMicrosoftOwned(event)) return null;
  const baseline = learnedBefore(event, facts);
  if (baseline === null || newValue(baseline, "credential-type", type, event) === null) return null;
  return {
    title: "The identity signed in with a federated credential for the first time",
    dedupeBy: type,
    details: signedInDetails(event, "it was never seen to use a federated credential before"),
  };
}
