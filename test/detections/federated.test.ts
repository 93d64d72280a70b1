/** A federated credential is news unless the policy trusts its issuer for its subject, or the application had it before. */
import { describe, expect, test } from "vitest";
import { federatedCredentialAdded, federatedIssuerReplaced } from "../../shared/detections/index.ts";
import { exampleHistory, federatedExample, githubTuple } from "../../shared/detections/support/examples.ts";
import { type FederatedTuple, federatedTupleHash } from "../../shared/domain/federated-tuple.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";

const facts = { now: 0, tuning: defaultTuning };
const evil = { ...githubTuple, issuer: "https://evil.example" };

function trustedFor(subjectPrefix: string, tuple: FederatedTuple = githubTuple): boolean {
  const trustedIssuers = [{ issuer: githubTuple.issuer, subjectPrefix }];
  const match = federatedCredentialAdded.evaluate(federatedExample({ added: [tuple] }), { ...facts, trustedIssuers });
  expect(match).not.toBeNull();
  expect(match?.ceiling).toBe(match?.severity === "informational" ? "observe" : undefined);
  return match?.severity === "informational";
}

describe("trust in an issuer", () => {
  test("reaches as far as its subject prefix, at the end of a name", () => {
    expect(trustedFor("repo:contoso/")).toBe(true);
    expect(trustedFor("repo:contoso/payroll")).toBe(true);
    expect(trustedFor("repo:contoso/payroll:ref:refs/heads/main")).toBe(true);
    expect(trustedFor("repo:contoso/pay")).toBe(false);
    expect(trustedFor("repo:contoso", { ...githubTuple, subject: "repo:contoso-evil/payroll:ref:x" })).toBe(false);
  });

  test("is not for another issuer, another case, or an expression, which fits whom it likes", () => {
    expect(trustedFor("repo:contoso/", evil)).toBe(false);
    expect(trustedFor("repo:Contoso/")).toBe(false);
    expect(trustedFor("repo:contoso/", { ...githubTuple, subject: null, expression: "claims['sub'] eq 'x'" })).toBe(
      false,
    );
  });
});

test("an issuer that was exchanged together with its subject was replaced, where it is the same credential", () => {
  const change = { added: [{ ...evil, subject: "me" }], removed: [githubTuple] };
  expect(federatedIssuerReplaced.evaluate(federatedExample(change), facts)).toBeNull();
  const same = federatedExample({ ...change, issuerReplaced: true });
  expect(federatedIssuerReplaced.evaluate(same, facts)).not.toBeNull();
  expect(federatedCredentialAdded.evaluate(same, facts)).toBeNull();
});

describe("a tuple that the application had before", () => {
  const seen = (minutes: number) => exampleHistory({ federated: { [federatedTupleHash(githubTuple)]: minutes } });
  const severity = (added: FederatedTuple, minutes: number) =>
    federatedCredentialAdded.evaluate(federatedExample({ added: [added] }), { ...facts, baseline: seen(minutes) })
      ?.severity;

  test("is information; seen first by this very record, or with another audience, it is news", () => {
    expect(severity(githubTuple, 24 * 60)).toBe("informational");
    expect(severity({ ...githubTuple, audiences: [...githubTuple.audiences] }, 24 * 60)).toBe("informational");
    expect(severity(githubTuple, 0)).toBeUndefined();
    expect(severity({ ...githubTuple, audiences: ["api://other"] }, 24 * 60)).toBeUndefined();
  });

  test("is not among what is to be removed when another comes along", () => {
    const event = federatedExample({ added: [githubTuple, evil] });
    const match = federatedCredentialAdded.evaluate(event, { ...facts, baseline: seen(60) });
    expect(match).toMatchObject({ details: { added: [evil] } });
    expect(match?.severity).toBeUndefined();
  });
});

test("one change is one finding: added, or its issuer replaced", () => {
  for (const removed of [[], [githubTuple], [{ ...githubTuple, subject: "repo:contoso/other" }]]) {
    const event = federatedExample({ added: [evil], removed });
    const found = [federatedCredentialAdded, federatedIssuerReplaced].filter(
      (one) => one.evaluate(event, facts) !== null,
    );
    expect(found.map(({ id }) => id)).toEqual([
      removed[0] === githubTuple ? "federated-issuer-replaced" : "federated-credential-added",
    ]);
  }
});
