/** Random sets of credentials, as Graph returns them: SAML signing sets among them, members missing, members unknown. */
import fc from "fast-check";
import type { Carrier, Key, Password } from "./directory.ts";

const guid = fc.uuid().map((id) => id.toLowerCase());
const when = fc.option(
  fc
    .date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString()),
);
const name = fc.option(fc.string({ maxLength: 12 }));

const password: fc.Arbitrary<Password> = fc.record(
  {
    keyId: guid,
    displayName: name,
    endDateTime: when,
    customKeyIdentifier: fc.constant(null),
    secretText: fc.constant(null),
  },
  { requiredKeys: ["keyId"] },
);

const certificate: fc.Arbitrary<Key> = fc.record(
  {
    keyId: guid,
    displayName: name,
    endDateTime: when,
    customKeyIdentifier: fc.option(fc.base64String({ minLength: 8, maxLength: 28 })),
    usage: fc.constantFrom("Verify", "verify"),
    type: fc.constant("AsymmetricX509Cert"),
    key: fc.option(fc.base64String({ maxLength: 20 })),
    hasExtendedValue: fc.boolean(),
  },
  { requiredKeys: ["keyId", "usage"] },
);

export interface SigningSet {
  readonly password: Password;
  readonly keys: readonly [Key, Key];
}

/** Sign key and password share a keyId; the Verify key shares the custom identifier. */
export const signingSet: fc.Arbitrary<SigningSet> = fc
  .record({ signId: guid, verifyId: guid, thumbprint: fc.base64String({ minLength: 8, maxLength: 28 }) })
  .map(({ signId, verifyId, thumbprint }) => {
    const common = { customKeyIdentifier: thumbprint, displayName: "CN=Sign-in", type: "AsymmetricX509Cert" };
    return {
      password: { keyId: signId, customKeyIdentifier: thumbprint, displayName: "CN=Sign-in" },
      keys: [
        { ...common, keyId: signId, usage: "Sign" },
        { ...common, keyId: verifyId, usage: "Verify" },
      ],
    };
  });

export interface Credentials {
  readonly passwords: readonly Password[];
  readonly keys: readonly Key[];
  readonly signing: SigningSet | null;
}

export const credentials: fc.Arbitrary<Credentials> = fc.record({
  passwords: fc.uniqueArray(password, { maxLength: 5, selector: ({ keyId }) => keyId }),
  keys: fc.uniqueArray(certificate, { maxLength: 5, selector: ({ keyId }) => keyId }),
  signing: fc.option(signingSet),
});

/** The object with these, the signing set in the middle, where order could betray it. */
export function carrying(object: Carrier, { passwords, keys, signing }: Credentials): Carrier {
  const set = signing === null ? { passwords: [], keys: [] } : { passwords: [signing.password], keys: signing.keys };
  return {
    ...object,
    passwordCredentials: [...passwords.slice(0, 2), ...set.passwords, ...passwords.slice(2)],
    keyCredentials: [...keys.slice(0, 2), ...set.keys, ...keys.slice(2)],
  };
}
