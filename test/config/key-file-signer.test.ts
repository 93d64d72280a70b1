import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createKeyFileSigner } from "../../shared/config/key-file-signer.ts";

function newPem(type: "pkcs8" | "sec1" = "pkcs8"): string {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type, format: "pem" }).toString();
}

test("any payload verifies with its signature, and no other payload does", async () => {
  const signer = createKeyFileSigner(newPem());
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), async (payload, other) => {
      const signature = await signer.sign(payload);
      expect(await signer.verify(payload, signature)).toBe(true);
      expect(await signer.verify(other, signature)).toBe(other === payload);
    }),
    { numRuns: 50 },
  );
});

test("nothing malformed, altered or signed by another key verifies", async () => {
  const signer = createKeyFileSigner(newPem());
  const good = await signer.sign("plan");
  const [scheme, keyId, bytes = ""] = good.split(".");
  const flipped = (bytes.startsWith("A") ? "B" : "A") + bytes.slice(1);
  const stranger = await createKeyFileSigner(newPem()).sign("plan");
  const claimed = `es256.${keyId}.${stranger.split(".")[2]}`;
  for (const bad of [
    "",
    "x",
    `${scheme}.${keyId}`,
    `none.${keyId}.${bytes}`,
    `${scheme}.${keyId}.${flipped}`,
    `${good}A`,
    ` ${good}`,
    `${scheme}.${keyId}.`,
    stranger,
    claimed,
  ]) {
    expect(await signer.verify("plan", bad)).toBe(false);
  }
});

test("the signature is plain ES256, as Key Vault makes and anybody can check it", async () => {
  const pem = newPem("sec1");
  const [, , bytes = ""] = (await createKeyFileSigner(pem).sign("payload")).split(".");
  const raw = Buffer.from(bytes, "base64url");
  expect(raw).toHaveLength(64);
  expect(verify("sha256", Buffer.from("payload"), { key: createPublicKey(pem), dsaEncoding: "ieee-p1363" }, raw)).toBe(
    true,
  );
});

test("after a rotation the new key signs and the old one still verifies", async () => {
  const [older, newer] = [newPem(), newPem()];
  const before = await createKeyFileSigner(older).sign("setting");
  const rotated = createKeyFileSigner(`${newer}\n${older}`);
  expect(await rotated.verify("setting", before)).toBe(true);
  expect(await createKeyFileSigner(newer).verify("setting", await rotated.sign("setting"))).toBe(true);
});

test.each([
  ["nothing", ""],
  ["no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"],
  [
    "another curve",
    generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  ],
  ["another kind", generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
])("a file with %s is refused with the way to make one", (_, pem) => {
  expect(() => createKeyFileSigner(pem)).toThrow(/signing key file.*openssl genpkey/);
});
