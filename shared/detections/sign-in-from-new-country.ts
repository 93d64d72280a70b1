/** An identity that was watched for long signed in from a country that it never signed in from. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { isMicrosoftOwned } from "./support/microsoft-owned.ts";
import { exampleBaseline, signInExample, usualValues } from "./support/sign-in-examples.ts";
import { learnedBefore, newCountry } from "./support/sign-in-news.ts";
import { signedInDetails } from "./support/signed-in-details.ts";

export const signInFromNewCountry = defineDetection({
  id: "sign-in-from-new-country",
  title: "The identity signed in from a country it never signed in from before",
  severity: "medium",
  attack: ["T1078.004"],
  patterns: ["E2"],
  guide: {
    why: "Workloads travel less than people do: a credential that is suddenly used in another country was probably taken.",
    check:
      "Whether the workload was deployed there; what the address belongs to; and what the identity did since its first sign-in from it.",
    falsePositives: "A new region, a provider whose addresses are placed wrongly, a supplier who works from abroad.",
    tune: "tuning.learningDays says how long an identity is watched first, tuning.forgetDays when a country is new again.",
  },
  on: ["signed-in"],
  ceiling: "approve",
  evaluate,
  examples: {
    facts: { baseline: exampleBaseline({ country: usualValues("NL", "IE") }) },
    match: [signInExample({ country: "BR" })],
    ignore: [
      signInExample({}),
      signInExample({ country: null }),
      signInExample({ country: "BR", errorCode: 7000222 }),
      signInExample({ country: "BR", ownerTenantId: "72f988bf-86f1-41af-91ab-2d7cd011db47" }),
      // Entra knows no place of managed identities, whatever a record says
      signInExample({ country: "BR", managedIdentity: true, category: "ManagedIdentitySignInLogs" }),
      signInExample({ country: "BR", occurredAt: "2026-01-25T09:41:00.000Z" }),
    ],
  },
});

function evaluate(event: EventOf<"signed-in">, facts: DetectionFacts): Match | null {
  const baseline = learnedBefore(event, facts);
  if (baseline === null || event.managedIdentity || isMicrosoftOwned(event)) return null;
  const country = newCountry(baseline, event);
  if (country === null) return null;
  return {
    title: "The identity signed in from a country it never signed in from before",
    dedupeBy: country,
    details: signedInDetails(event, `${country} is new among the countries it was seen in`),
  };
}
