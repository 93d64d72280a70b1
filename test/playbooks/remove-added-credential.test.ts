/** Exactly what was added goes; what is ambiguous stays, with a reason. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CredentialDescription } from "../../shared/domain/event.ts";
import { removeAddedCredential } from "../../shared/playbooks/index.ts";
import { nothingKnown } from "../../shared/playbooks/playbook.ts";
import { credentialFinding, riskFinding } from "../support/findings.ts";

const objectId = "8d8d96a4-edb4-495c-a412-6e72c7e21084";
const password: CredentialDescription = {
  keyId: "11ca002d-d846-4692-8e1f-501db99f485a",
  keyType: "Password",
  keyUsage: "Verify",
  claimedName: "x",
};
const plan = (details: Parameters<typeof credentialFinding>[0]) =>
  removeAddedCredential.plan(credentialFinding({ object: "application", objectId, ...details }), nothingKnown);

describe("what is ambiguous is left alone and said", () => {
  test.each([
    ["a SAML signing set", credentialFinding({ samlSigningSet: true }), /SAML signing set/],
    ["a key identifier that is no GUID", credentialFinding({ added: [{ ...password, keyId: "*" }] }), /not a GUID/],
    ["a kind of key nobody knows", credentialFinding({ added: [{ ...password, keyType: "other" }] }), /neither/],
    [
      "a signing key",
      credentialFinding({ added: [{ ...password, keyType: "AsymmetricX509Cert", keyUsage: "Sign" }] }),
      /neither/,
    ],
    [
      "one strange key among plain ones",
      credentialFinding({ added: [password, { ...password, keyType: "other" }] }),
      /neither/,
    ],
    ["a finding of another kind", riskFinding({}), /names no added credential/],
  ])("%s", (_, finding, why) => {
    expect(removeAddedCredential.plan(finding, nothingKnown)).toEqual([]);
    expect(removeAddedCredential.whyNot?.(finding)).toMatch(why);
  });
});

test("the steps name exactly the added keyIds, by type, on exactly the object of the record", () => {
  const added = fc.array(
    fc.record({
      keyId: fc.uuid(),
      keyType: fc.constantFrom("Password" as const, "AsymmetricX509Cert" as const),
      keyUsage: fc.constant("Verify" as const),
      claimedName: fc.string(),
    }),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(added, (keys) => {
      const steps = plan({ added: keys });
      const named = steps.flatMap(({ parameters }) => parameters.keyIds);
      expect(named.toSorted()).toEqual([...new Set(keys.map(({ keyId }) => keyId.toLowerCase()))].toSorted());
      for (const { action, parameters, stage } of steps) {
        expect(parameters).toMatchObject({ object: "application", objectId });
        expect(stage).toBe("eradicate");
        const type = action === "remove-password-credentials" ? "Password" : "AsymmetricX509Cert";
        const ofType = keys.filter(({ keyType }) => keyType === type).map(({ keyId }) => keyId.toLowerCase());
        expect(parameters.keyIds).toEqual([...new Set(ofType)].toSorted());
      }
    }),
  );
});

test("the order in which the record lists the keys does not make another plan", () => {
  const other = { ...password, keyId: "4245f2f5-4052-4c5b-afe8-1d7885d9bb39" };
  expect(plan({ added: [other, password] })).toEqual(plan({ added: [password, other] }));
});
