/** A managed identity asked for a token of an API that it never used. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { resourceSeen } from "../domain/sign-in-values.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { exampleBaseline, signInExample, usualValues } from "./support/sign-in-examples.ts";
import { learnedBefore, newValue } from "./support/sign-in-news.ts";
import { signedInDetails } from "./support/signed-in-details.ts";

const keyVaultAppId = "cfa8b339-82a2-471a-a3c9-0fc0be7a4093";
const graphAppId = "00000003-0000-0000-c000-000000000000";
const example = (change: Partial<EventOf<"signed-in">>) =>
  signInExample({
    category: "ManagedIdentitySignInLogs",
    managedIdentity: true,
    ipAddress: null,
    asn: null,
    country: null,
    credentialType: "managedIdentity",
    resourceAppId: keyVaultAppId,
    ...change,
  });

export const managedIdentityNewResource = defineDetection({
  id: "managed-identity-new-resource",
  title: "The managed identity asked for a token of an API it never used before",
  severity: "low",
  attack: ["T1550.001"],
  patterns: ["E8"],
  guide: {
    why: "Who runs code on a machine gets tokens of its managed identity for every API, and tries what they open: Key Vault, storage, Microsoft Graph.",
    check:
      "What was deployed to the resource that carries the identity, who changed it last, and what the identity may do at that API.",
    falsePositives: "A new version of the workload that calls another API.",
    tune: "tuning.learningDays says how long an identity is watched first; new APIs are common while it is young.",
  },
  on: ["signed-in"],
  ceiling: "approve",
  evaluate,
  examples: {
    facts: { baseline: exampleBaseline({ resource: usualValues(keyVaultAppId) }) },
    match: [
      example({ resourceAppId: graphAppId }),
      example({ resourceAppId: null, resourceServicePrincipalId: graphAppId }),
    ],
    ignore: [
      example({}),
      example({ resourceAppId: null }),
      example({ resourceAppId: graphAppId, errorCode: 500011 }),
      example({ resourceAppId: graphAppId, managedIdentity: false, category: "ServicePrincipalSignInLogs" }),
      example({ resourceAppId: graphAppId, occurredAt: "2026-01-25T09:41:00.000Z" }),
    ],
  },
});

function evaluate(event: EventOf<"signed-in">, facts: DetectionFacts): Match | null {
  const baseline = event.managedIdentity ? learnedBefore(event, facts) : null;
  const resource = baseline === null ? null : newValue(baseline, "resource", resourceSeen(event), event);
  if (resource === null) return null;
  return {
    title: "The managed identity asked for a token of an API it never used before",
    dedupeBy: resource,
    details: signedInDetails(event, `${resource} is new among the APIs it was seen to ask for`),
  };
}
