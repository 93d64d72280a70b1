/** What each guardrail says to the stage that retires, and to no other. */
import { describe, expect, test } from "vitest";
import { judge } from "../../shared/engine/judge/judge.ts";
import type { GuardrailSubject } from "../../shared/guardrails/guardrail.ts";
import {
  blastRadius,
  dependedOn,
  notBorneOut,
  onlyCredential,
  otherBusiness,
  retireCaps,
  signOfLife,
  workingHours,
} from "../../shared/guardrails/index.ts";
import { scannedExamples } from "../../tools/catalog/example-findings.ts";
import { leakedKeyId, now } from "../support/findings.ts";
import { check } from "../support/guardrail-cases.ts";
import {
  dayMs,
  disable,
  facts,
  policy,
  removal,
  servicePrincipal,
  subjectOf,
  weighed,
} from "../support/guardrail-subject.ts";

const [finding] = scannedExamples("unused-identity");
if (finding === undefined) throw new Error("there is an example");
const unused = weighed({ finding });
const everyDay = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const permitting = {
  ...policy,
  stages: { ...policy.stages, retire: "enforce" as const },
  retire: { ...policy.retire, workingDays: [...everyDay] },
};

function retiring(change: Partial<GuardrailSubject> = {}): GuardrailSubject {
  const steps = [{ ...disable, stage: "retire" as const }];
  return subjectOf({ stage: "retire", steps, findings: [unused], policy: permitting, ...change });
}

const deleting = [{ ...disable, action: "delete-application", stage: "retire" as const }];
const hours = { workingHours: { from: "12:00", to: "14:00", timeZone: "UTC" } }; // it is ten
const later = { ...permitting, retire: { ...permitting.retire, ...hours } };
const going = (keyId: string) => [{ ...removal([keyId]), stage: "retire" as const }];

test("what everything permits passes", () => {
  expect(judge(retiring())).toMatchObject({ verdict: "pass", reasons: [] });
});

check(blastRadius, [
  ["leaves it to the caps of its own", retiring({ reservation: { reserved: false, held: "5" } }), "pass"],
]);

check(retireCaps, [
  [
    "asks nobody while the caps are used up",
    retiring({ reservation: { reserved: false, held: "1 of 1" } }),
    "wait",
    /1 of 1/,
  ],
  ["passes with a place", retiring({ reservation: { reserved: true, held: "1 of 1" } }), "pass"],
  ["is about no containment", subjectOf({ reservation: { reserved: false, held: "5" } }), "pass"],
]);

check(workingHours, [
  ["waits outside of them", retiring({ policy: later }), "wait"],
  ["ends what has begun", retiring({ policy: later, begun: true }), "pass"],
  ["keeps no attack waiting", subjectOf({ policy: later }), "pass"],
]);

check(otherBusiness, [
  ["waits for an attack", retiring({ otherBusiness: "a leak comes first" }), "wait", /leak/],
  ["passes without one", retiring(), "pass"],
]);

check(signOfLife, [
  ["asks before a deletion", retiring({ steps: deleting, signOfLifeAt: "2026-03-01T00:00:00.000Z" }), "ask"],
  ["does not ask before the disable", retiring({ signOfLifeAt: "2026-03-01T00:00:00.000Z" }), "pass"],
  ["passes where nobody tried", retiring({ steps: deleting }), "pass"],
]);

check(notBorneOut, [
  [
    "refuses what is used",
    retiring({ findings: [weighed({ finding, withdrawn: true, because: "it was used" })] }),
    "refuse",
    /used/,
  ],
  ["looks again at what cannot be told", retiring({ findings: [weighed({ finding, borneOut: null })] }), "defer"],
  ["refuses what is not so", retiring({ findings: [weighed({ finding, borneOut: false })] }), "refuse"],
]);

test("what cannot be told is nobody's to approve", () => {
  const subject = retiring({ findings: [weighed({ finding, borneOut: null })] });
  expect(judge(subject)).toMatchObject({ verdict: "defer", askable: false });
});

check(dependedOn, [
  [
    "knows already who may use it and does not",
    retiring({ facts: facts({ assignedUsers: 40, delegatedGrants: 2 }) }),
    "pass",
  ],
  ["asks where nobody knows", retiring({ facts: facts({ assignedUsers: null }) }), "ask", /unknown/],
  [
    "asks about a sign-in page",
    retiring({ facts: facts({ servicePrincipal: servicePrincipal({ preferredSingleSignOnMode: "saml" }) }) }),
    "ask",
    /sso/,
  ],
  [
    "asks about what publishes an inside application",
    retiring({ dependencies: [{ readAt: now - dayMs, lastUsedAt: null, appProxy: true, createdAt: null }] }),
    "ask",
    /app-proxy/,
  ],
  ["asks without a reading", retiring({ dependencies: [] }), "ask", /unknown/],
]);

const stayingKeyId = "9d9fea30-d8e3-481b-b57c-000000000001";
const otherKeyId = "9d9fea30-d8e3-481b-b57c-000000000002";

/** A scan saw `usedKeyId` used in place of what is to go. */
function replaced(usedKeyId: string): GuardrailSubject {
  const [example] = scannedExamples("unused-credential");
  if (example?.details.about !== "unused-credential") throw new Error("there is an example");
  const { credential } = example.details;
  const reason = { ...credential.reason, data: { otherKeyId: usedKeyId } };
  const finding = { ...example, details: { ...example.details, credential: { ...credential, reason } } };
  const left = { keyId: stayingKeyId, endDateTime: "2027-01-01T00:00:00Z" };
  return retiring({
    steps: going(leakedKeyId),
    findings: [weighed({ finding })],
    facts: facts({ servicePrincipal: servicePrincipal({ passwordCredentials: [left] }) }),
  });
}

check(onlyCredential, [
  ["refuses the last working one", retiring({ steps: going(leakedKeyId) }), "refuse", /no working/],
  [
    "lets one go beside another",
    retiring({
      steps: going(leakedKeyId),
      facts: facts({
        servicePrincipal: servicePrincipal({
          passwordCredentials: [{ keyId: "9d9fea30-d8e3-481b-b57c-000000000001", endDateTime: "2027-01-01T00:00:00Z" }],
        }),
      }),
    }),
    "pass",
  ],
  ["refuses one in place of which another was used that is gone by now", replaced(otherKeyId), "refuse", /is gone/],
  ["lets one go while the other is there", replaced(stayingKeyId), "pass"],
  ["asks where certificates could not be read", retiring({ steps: going(leakedKeyId), keys: undefined }), "defer"],
]);

describe("waiting", () => {
  test("is outweighed by a question, so that people can let it run", () => {
    const asked = { ...later, mode: "approve" as const };
    expect(judge(retiring({ policy: asked })).verdict).toBe("ask");
  });

  test("lasts until all that it waits for is over", () => {
    const reservation = { reserved: false, held: "1", freeAt: now + 3 * dayMs };
    expect(judge(retiring({ policy: later, reservation }))).toMatchObject({ verdict: "wait", until: now + 3 * dayMs });
  });
});
