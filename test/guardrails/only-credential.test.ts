import { expect, test } from "vitest";
import { KeyCredential } from "../../shared/domain/snapshot.ts";
import * as all from "../../shared/guardrails/index.ts";
import { credentialFinding, leakedKeyId, now, riskFinding } from "../support/findings.ts";
import { check } from "../support/guardrail-cases.ts";
import { application, eradicating, facts, servicePrincipal, subjectOf, weighed } from "../support/guardrail-subject.ts";

const other = "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11";
const secret = (keyId: string, endDateTime: string | null = null) => ({ keyId, endDateTime });
const certificate = (keyId: string, usage = "Verify", customKeyIdentifier: string | null = null) =>
  KeyCredential.parse({ keyId, usage, customKeyIdentifier });
const withSecrets = (onApplication: readonly unknown[], onPrincipal: readonly unknown[] = []) => ({
  facts: facts({
    application: application({ passwordCredentials: onApplication }),
    servicePrincipal: servicePrincipal({ passwordCredentials: onPrincipal }),
  }),
});
const gone = "2026-03-02T10:00:00.000Z"; // expires at this very moment
const two = withSecrets([secret(leakedKeyId), secret(other)]);
const added = (change: Parameters<typeof credentialFinding>[0]) => ({
  ...two,
  findings: [weighed({ finding: credentialFinding(change) })],
});

check(all.onlyCredential, [
  ["removing all is another decision", eradicating("all", { ...withSecrets([]), keys: undefined }), "pass"],
  ["nothing to remove", subjectOf({ keys: undefined }), "pass"],
  ["one of two", eradicating([leakedKeyId], two), "pass"],
  [
    "one here, another on the other object",
    eradicating([leakedKeyId], withSecrets([secret(leakedKeyId)], [secret(other)])),
    "pass",
  ],
  [
    "one secret, and a certificate stays",
    eradicating([leakedKeyId], { ...withSecrets([secret(leakedKeyId)]), keys: [certificate(other)] }),
    "pass",
  ],
  ["the last one", eradicating([leakedKeyId], withSecrets([secret(leakedKeyId)])), "ask", /no working credential/],
  [
    "the last that has not expired",
    eradicating([leakedKeyId], withSecrets([secret(leakedKeyId), secret(other, gone)])),
    "ask",
  ],
  [
    "certificates that could not be read",
    eradicating([leakedKeyId], { ...two, keys: undefined }),
    "defer",
    /could not be read/,
  ],
  [
    "a SAML signing set is nobody's way to sign in",
    eradicating([leakedKeyId], {
      ...withSecrets([secret(leakedKeyId), secret(other)]),
      keys: [
        certificate(other, "Sign", "dGh1bWI="),
        certificate("4245f2f5-4052-4c5b-afe8-1d7885d9bb39", "Verify", "dGh1bWI="),
      ],
    }),
    "ask",
  ],
  [
    "Microsoft's own have no rotation of ours",
    eradicating([leakedKeyId], {
      facts: facts({ ...withSecrets([secret(leakedKeyId)]).facts, kind: "microsoft-first-party" }),
    }),
    "pass",
  ],
  [
    "one in and one out is a rotation",
    eradicating(
      [leakedKeyId],
      added({ removed: [{ keyId: other, keyType: "Password", keyUsage: "Verify", claimedName: "" }] }),
    ),
    "ask",
    /rotation/,
  ],
  ["a new one beside exactly one is a rotation", eradicating([leakedKeyId], added({ before: 1 })), "ask", /rotation/],
  [
    "a new one beside nobody knows how many may be one",
    eradicating([leakedKeyId], added({ before: null })),
    "ask",
    /rotation/,
  ],
  ["a sixth beside five is not", eradicating([leakedKeyId], added({ before: 5 })), "pass"],
  ["a first one is not", eradicating([leakedKeyId], added({ before: 0 })), "pass"],
  ["a leak is not", eradicating([leakedKeyId], { ...two, findings: [weighed({ finding: riskFinding({}) })] }), "pass"],
]);

test("the subject of these cases is judged at one moment", () => {
  expect(new Date(now).toISOString()).toBe(gone);
});
