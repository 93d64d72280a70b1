/** The signer in Azure against the twin's Key Vault: the same signatures as with a file, few calls, and errors that say how to mend them. */
import { createPublicKey, generateKeyPairSync, type JsonWebKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createKeyFileSigner } from "../../shared/config/key-file-signer.ts";
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import { refusalOf, startVaultBench } from "./vault-bench.ts";

const minute = 60_000;

function strangersSignature(payload: string): Promise<string> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return createKeyFileSigner(privateKey.export({ type: "pkcs8", format: "pem" }).toString()).sign(payload);
}

describe("a signature", () => {
  it("is plain ES256 that anybody can check with the public key, named as the key file names its own", async () => {
    await using bench = await startVaultBench();
    const signer = await bench.signer();
    for (const payload of ["", "plan", "Zürich 🚑\u0000", "x".repeat(100_000)]) {
      const signature = await signer.sign(payload);
      const [first] = await signer.publicKeys();
      const [scheme, id, rs = ""] = signature.split(".");
      expect([scheme, id]).toEqual(["es256", first?.id]);
      const key = createPublicKey({ format: "jwk", key: first?.jwk as JsonWebKey });
      const bytes = Buffer.from(rs, "base64url");
      expect(verify("sha256", Buffer.from(payload), { key, dsaEncoding: "ieee-p1363" }, bytes)).toBe(true);
      expect(await signer.verify(payload, signature)).toBe(true);
      expect(await signer.verify(`${payload}!`, signature)).toBe(false);
    }
    const { d } = bench.twin.keyVault.keys.find("tourniquet", null)?.jwk ?? {};
    const [shown] = await signer.publicKeys();
    expect(d).toMatch(/./);
    expect(shown?.jwk).not.toHaveProperty("d");
  });

  it("costs one call to make and none to check", async () => {
    await using bench = await startVaultBench();
    const signer = await bench.signer();
    expect(bench.asked()).toEqual(["GET /keys/tourniquet"]);
    const signature = await signer.sign("plan");
    for (let i = 0; i < 50; i++) expect(await signer.verify("plan", signature)).toBe(true);
    for (const garbage of ["", "es256", "none.a.b", `${signature}A`, signature.replace("es256", "es512")])
      expect(await signer.verify("plan", garbage)).toBe(false);
    expect(bench.asked()).toEqual(["POST /keys/tourniquet/sign"]);
  });
});

describe("a new version of the key", () => {
  it("signs from then on, and what the old one signed still holds", async () => {
    await using bench = await startVaultBench();
    const signer = await bench.signer();
    const before = await signer.sign("plan");
    bench.twin.keyVault.keys.create("tourniquet");
    bench.asked();
    const [after, again] = [await signer.sign("plan"), await signer.sign("plan")];
    expect(after.split(".")[1]).not.toBe(before.split(".")[1]);
    expect(await Promise.all([before, after, again].map((one) => signer.verify("plan", one)))).toEqual([
      true,
      true,
      true,
    ]);
    const sign = "POST /keys/tourniquet/sign";
    expect(bench.asked()).toEqual([sign, "GET /keys/tourniquet/{version}", sign]);
  });

  it("is looked up once by a process that has never met it, however many rows name it at once", async () => {
    await using bench = await startVaultBench();
    const [reader, writer] = await Promise.all([bench.signer(), bench.signer()]);
    for (let i = 0; i < 6; i++) bench.twin.keyVault.keys.create("tourniquet");
    const signature = await writer.sign("plan");
    bench.asked();
    const answers = await Promise.all(Array.from({ length: 40 }, () => reader.verify("plan", signature)));
    expect(answers).toEqual(Array.from({ length: 40 }, () => true));
    const asked = bench.asked();
    expect(asked.filter((line) => line.endsWith("/versions"))).toHaveLength(3); // pages of one listing
    expect(asked.filter((line) => line.endsWith("{version}"))).toHaveLength(6);
    const keys = await reader.publicKeys();
    expect([keys.length, new Set(keys.map(({ id }) => id)).size, bench.asked()]).toEqual([7, 7, []]);
  });

  it("is never taken for a forgery because the versions were listed a moment ago: the answer is later", async () => {
    await using bench = await startVaultBench();
    const [reader, writer] = await Promise.all([bench.signer(), bench.signer()]);
    expect(await reader.verify("plan", await strangersSignature("plan"))).toBe(false);
    await bench.clock.advance(1_000);
    bench.twin.keyVault.keys.create("tourniquet");
    const signature = await writer.sign("plan");
    const refusal = await refusalOf(reader.verify("plan", signature));
    expect(refusal).toBeInstanceOf(RetryableError);
    expect(refusal).toMatchObject({ code: "signing-key-unknown", retryAfterMs: 9_000 });
    await bench.clock.advance(9_000);
    expect(await reader.verify("plan", signature)).toBe(true);
  });

  it("does not sign where the configuration names an older one", async () => {
    await using bench = await startVaultBench();
    const version = bench.twin.keyVault.keys.find("tourniquet", null)?.version;
    bench.twin.keyVault.keys.create("tourniquet");
    const pinned = await bench.signer({ keyId: `${bench.keyId}/${version}` });
    const newest = await (await bench.signer()).sign("plan");
    const signature = await pinned.sign("plan");
    const [first, second] = await pinned.publicKeys();
    expect([first?.id, second?.id]).toEqual([signature.split(".")[1], newest.split(".")[1]]);
    expect(await pinned.verify("plan", newest)).toBe(true);
  });
});

describe("a version that was disabled in the vault", () => {
  it("signs nothing at once, and stops counting within an hour", async () => {
    await using bench = await startVaultBench();
    const signer = await bench.signer();
    const before = await signer.sign("plan");
    const leaked = bench.twin.keyVault.keys.find("tourniquet", null)?.version;
    bench.twin.keyVault.keys.setEnabled("tourniquet", false);
    expect(await refusalOf(signer.sign("plan"))).toMatchObject({
      message: expect.stringContaining("enable the version that signs, or make a new version"),
    });
    bench.twin.keyVault.keys.create("tourniquet");
    await bench.clock.advance(61 * minute);
    expect(await signer.verify("plan", before)).toBe(true); // the look at the versions begins here
    await expect.poll(() => signer.verify("plan", before)).toBe(false);
    expect((await signer.publicKeys()).map(({ id }) => id)).toHaveLength(1);
    bench.twin.keyVault.keys.setEnabled("tourniquet", true, leaked);
    await bench.clock.advance(62 * minute);
    await signer.verify("plan", await signer.sign("plan"));
    await expect.poll(() => signer.verify("plan", before)).toBe(true);
  });

  it("goes on to count, with a warning, while the vault cannot be asked", async () => {
    await using bench = await startVaultBench();
    const signer = await bench.signer();
    const signature = await signer.sign("plan");
    bench.twin.faults.add({ match: { path: /^\/vault/ }, effect: { status: 503 } });
    await bench.clock.advance(61 * minute);
    expect(await signer.verify("plan", signature)).toBe(true);
    await expect.poll(() => bench.warnings).toHaveLength(1);
    expect(await signer.verify("plan", signature)).toBe(true);
  });
});

describe("a stranger who writes rows", () => {
  it("makes the vault be asked at most every ten seconds, and is told no in the end", async () => {
    await using bench = await startVaultBench();
    const signer = await bench.signer();
    bench.asked();
    const outcomes = new Map<unknown, number>();
    for (let second = 0; second < 60; second++) {
      const signatures = await Promise.all(Array.from({ length: 5 }, () => strangersSignature("plan")));
      for (const signature of signatures) {
        const answer = await signer.verify("plan", signature).catch((error: RetryableError) => error.code);
        outcomes.set(answer, (outcomes.get(answer) ?? 0) + 1);
        if (answer === false) expect(await signer.verify("plan", signature)).toBe(false);
      }
      await bench.clock.advance(1_000);
    }
    expect([...outcomes.keys()].toSorted()).toEqual([false, "signing-key-unknown"]);
    expect(bench.asked()).toEqual(Array.from({ length: 6 }, () => "GET /keys/tourniquet/versions"));
  });

  it("gets the same signature refused for good after one look, without another call", async () => {
    await using bench = await startVaultBench();
    const signer = await bench.signer();
    const signature = await strangersSignature("plan");
    await signer.verify("plan", signature);
    bench.asked();
    for (let minutes = 0; minutes < 30; minutes++) {
      expect(await signer.verify("plan", signature)).toBe(false);
      await bench.clock.advance(minute);
    }
    expect(bench.asked()).toEqual([]);
  });
});

describe("a key that cannot make our signatures", () => {
  it.each([
    ["another curve", "EC P-384", ["sign"], /of the kind EC P-384.*--curve P-256/],
    ["another kind", "RSA", ["sign"], /of the kind RSA/],
    ["no permission to sign", "EC P-256", ["verify"], /leave out sign/],
  ] as const)("is refused at start: %s", async (_, kind, operations, message) => {
    await using bench = await startVaultBench();
    bench.twin.keyVault.keys.create("tourniquet", kind, operations);
    const refusal = await refusalOf(bench.signer());
    expect(refusal).toBeInstanceOf(TerminalError);
    expect(refusal).toMatchObject({ code: "bad-signing-key", message: expect.stringMatching(message) });
  });

  it("is refused at start where it is disabled, and later where a new version is of another kind", async () => {
    await using bench = await startVaultBench();
    const signer = await bench.signer();
    bench.twin.keyVault.keys.create("tourniquet", "RSA");
    expect(await refusalOf(signer.sign("plan"))).toMatchObject({ message: expect.stringContaining("curve P-256") });
    bench.twin.keyVault.keys.create("tourniquet");
    bench.twin.keyVault.keys.setEnabled("tourniquet", false);
    expect(await refusalOf(bench.signer())).toMatchObject({ code: "bad-signing-key" });
  });
});
