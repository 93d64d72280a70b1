/** An identity that was watched for long signed in from a network that it never used. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { isMicrosoftOwned } from "./support/microsoft-owned.ts";
import { exampleBaseline, signInExample, usualValues } from "./support/sign-in-examples.ts";
import { learnedBefore, newNetwork } from "./support/sign-in-news.ts";
import { signedInDetails } from "./support/signed-in-details.ts";

const elsewhere = { ipAddress: "198.51.100.7", asn: 64500 };

export const signInFromNewNetwork = defineDetection({
  id: "sign-in-from-new-network",
  title: "The identity signed in from a network it never used before",
  severity: "low",
  attack: ["T1078.004"],
  patterns: ["E1"],
  guide: {
    why: "A stolen secret or certificate works from anywhere, and a thief seldom sits in the network of the workload it was taken from.",
    check:
      "Whose network it is, what else signed in from it, and what the identity did since; ask its owner whether the workload moved.",
    falsePositives:
      "A deployment in another region, build agents with changing addresses, a new egress of a cloud provider.",
    tune: "tuning.learningDays says how long an identity is watched first. trustedLocations is stricter for identities that have a fixed place.",
  },
  on: ["signed-in"],
  ceiling: "approve",
  evaluate,
  examples: {
    facts: { baseline: exampleBaseline({ network: usualValues("asn:64496", "net:203.0.113.0/24") }) },
    match: [signInExample(elsewhere), signInExample({ ipAddress: "2001:db8:7::1", asn: null })],
    ignore: [
      signInExample({}),
      // the same provider, another of its networks
      signInExample({ ipAddress: "198.51.100.7" }),
      // the same network under another system's number
      signInExample({ asn: 64500 }),
      signInExample({ ...elsewhere, errorCode: 7000215 }),
      signInExample({ ...elsewhere, ownerTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" }),
      signInExample({ ipAddress: null, asn: null, managedIdentity: true, category: "ManagedIdentitySignInLogs" }),
      // on its fifth day of forty nothing was usual yet
      signInExample({ ...elsewhere, occurredAt: "2026-01-25T09:41:00.000Z" }),
    ],
  },
});

function evaluate(event: EventOf<"signed-in">, facts: DetectionFacts): Match | null {
  const baseline = learnedBefore(event, facts);
  if (baseline === null || event.managedIdentity || isMicrosoftOwned(event)) return null;
  const network = newNetwork(baseline, event);
  if (network === null) return null;
  return {
    title: "The identity signed in from a network it never used before",
    dedupeBy: network,
    details: signedInDetails(event, `${network} is new among the networks it was seen in`),
  };
}
