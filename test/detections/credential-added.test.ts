import { describe, expect, test } from "vitest";
import {
  credentialAddedToApplication as onApplication,
  credentialAddedToServicePrincipal as onServicePrincipal,
  samlSigningCertificateAdded as signing,
} from "../../shared/detections/index.ts";
import { credentialExample, exampleKey, exampleSubject } from "../../shared/detections/support/examples.ts";
import type { CredentialDescription, EventOf } from "../../shared/domain/event.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";

type Change = Partial<EventOf<"credentials-changed">>;
const facts = { now: 0, tuning: defaultTuning };
const found = (change: Change) => onServicePrincipal.evaluate(credentialExample(change), facts);
const keyId = "4245f2f5-4052-4c5b-afe8-1d7885d9bb39";
const cert = (change: Partial<CredentialDescription> = {}) =>
  exampleKey({ keyType: "AsymmetricX509Cert", claimedName: `CN=${exampleSubject.appId}`, ...change });

describe("the rotation of a managed identity's certificate", () => {
  const platform = { kind: "workload", id: keyId, appId: null, claimedName: "Managed Service Identity" } as const;
  const rotation: Change = { actor: platform, added: [cert()], managedIdentityName: true };

  test("is quiet, under the appId or the object id, by an unnamed or a known platform application", () => {
    expect(found(rotation)).toBeNull();
    expect(
      found({ ...rotation, added: [cert({ claimedName: `cn=${exampleSubject.servicePrincipalId}` })] }),
    ).toBeNull();
    const azure = { ...platform, appId: "797f4846-ba00-4fd7-ba43-dac1f8f63013", claimedName: null };
    expect(found({ ...rotation, actor: azure })).toBeNull();
  });

  test.each<[string, Change]>([
    ["a user does it", { actor: { ...platform, kind: "user" } }],
    ["an application of somebody does it", { actor: { ...platform, appId: exampleSubject.appId } }],
    ["the target is no managed identity", { managedIdentityName: false }],
    ["a password comes", { added: [cert({ keyType: "Password" })] }],
    ["a password comes along", { added: [cert(), exampleKey({})] }],
    ["the certificate is in another name", { added: [cert({ claimedName: "CN=rotated" })] }],
    ["the certificate signs", { added: [cert({ keyUsage: "Sign" })] }],
  ])("is loud as soon as %s, whatever the actor calls itself", (_, change) => {
    expect(found({ ...rotation, ...change })).not.toBeNull();
  });
});

describe("a SAML signing certificate", () => {
  const sign = cert({ keyUsage: "Sign" });
  const verify = cert({ keyId });
  const password = exampleKey({});

  test("is told apart, in any order, and is no credential like any other", () => {
    for (const added of [
      [sign, verify, password],
      [password, verify, sign],
    ]) {
      expect(signing.evaluate(credentialExample({ added }), facts)).toMatchObject({
        details: { samlSigningSet: true },
      });
      expect(found({ added })).toBeNull();
    }
  });

  test.each<[string, CredentialDescription[]]>([
    ["its password is missing", [sign, verify]],
    ["its password has another id", [sign, verify, exampleKey({ keyId })]],
    ["its Verify key is missing", [sign, password]],
    ["its Sign key is missing", [verify, password]],
    ["another password comes along", [sign, verify, password, exampleKey({ keyId })]],
    ["another certificate comes along", [sign, verify, password, cert({ keyId: "x" })]],
  ])("is a credential like any other when %s", (_, added) => {
    const match = found({ added });
    expect(match).toMatchObject({ details: { samlSigningSet: false } });
    expect(match?.severity ?? onServicePrincipal.severity).toBe("high");
    expect(signing.evaluate(credentialExample({ added }), facts)).toBeNull();
  });
});

describe("one change", () => {
  test("is one finding however its keys are ordered and whichever record tells it", () => {
    const [a, b] = [exampleKey({}), exampleKey({ keyId })];
    const one = found({ added: [a, b], recordId: "Directory_1" });
    expect(found({ added: [b, a], recordId: "Directory_2" })?.dedupeBy).toBe(one?.dedupeBy);
    expect(found({ added: [a] })?.dedupeBy).not.toBe(one?.dedupeBy);
    expect(found({ added: [a, b], objectId: keyId })?.dedupeBy).not.toBe(one?.dedupeBy);
  });

  test("belongs to the detection of the object it is on", () => {
    const event = credentialExample({ object: "application" });
    expect(onApplication.evaluate(event, facts)).not.toBeNull();
    expect(onServicePrincipal.evaluate(event, facts)).toBeNull();
  });
});
