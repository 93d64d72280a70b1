/** What the vault answers instead of a signature: tried again where that helps, and otherwise said with how to mend it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { RetryableError } from "../../shared/domain/errors.ts";
import { refusalOf, startVaultBench } from "./vault-bench.ts";

describe("what the vault answers instead", () => {
  it.each([
    ["429", { status: 429, headers: { "Retry-After": "7" } }, "key-vault-throttled", 7_000, /throttles/],
    [
      "a date to come back at",
      { status: 503, headers: { "Retry-After": "Sun, 01 Mar 2026 12:00:30 GMT" } },
      "key-vault-unavailable",
      30_000,
      /503/,
    ],
    ["500", { status: 500 }, "key-vault-unavailable", undefined, /500/],
    ["a cut connection", { dropConnection: true }, "key-vault-unreachable", undefined, /reached/],
    ["nothing in time", { delayMs: 400 }, "key-vault-unreachable", undefined, /in time/],
    ["a firewall", { status: 403, code: "ForbiddenByFirewall" }, "key-vault-refused", 30_000, /firewall/],
    ["an access policy", { status: 403, code: "ForbiddenByPolicy" }, "key-vault-refused", 30_000, /get, list and sign/],
  ] as const)("%s is tried again, and says what it was", async (_, effect, code, retryAfterMs, message) => {
    await using bench = await startVaultBench();
    const signer = await bench.signer({ timeoutMs: 200 });
    bench.twin.faults.add({ match: { path: /^\/vault/ }, effect });
    const refusal = await refusalOf(signer.sign("plan"));
    expect(refusal).toBeInstanceOf(RetryableError);
    expect(refusal).toMatchObject({ code, retryAfterMs, message: expect.stringMatching(message) });
  });

  it("a missing role, a token for something else and a missing key each say how to mend them", async () => {
    await using bench = await startVaultBench();
    const { keyVault } = bench.twin;
    keyVault.allow(false);
    expect(await refusalOf(bench.signer())).toMatchObject({
      message: expect.stringContaining('"Key Vault Crypto User"'),
    });
    keyVault.allow(true);
    const wrong = await refusalOf(bench.signer({ audience: "https://graph.microsoft.com" }));
    expect(wrong).toMatchObject({ message: expect.stringMatching(/401 Unauthorized.*this tenant and this cloud/) });
    const missing = await refusalOf(bench.signer({ keyId: `${keyVault.url}/keys/other` }));
    expect(missing).toMatchObject({
      code: "key-vault-no-key",
      message: expect.stringContaining("TOURNIQUET_SIGNING_KEY_ID"),
    });
  });

  it("a next page that lies elsewhere gets no token of ours", async () => {
    await using bench = await startVaultBench();
    const seen: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end("{}");
    });
    await new Promise<void>((done) => elsewhere.listen(0, "127.0.0.1", done));
    const { port } = elsewhere.address() as AddressInfo;
    const signer = await bench.signer();
    const nextLink = `http://127.0.0.1:${port}/next`;
    await using _ = { [Symbol.asyncDispose]: async () => void elsewhere.close() };
    const front = createServer((request, response) => {
      if (request.url?.includes("/versions")) response.end(JSON.stringify({ value: [], nextLink }));
      else
        void relay(bench.twin.keyVault.url, request.url ?? "", request.headers.authorization).then((text) =>
          response.end(text),
        );
    });
    await new Promise<void>((done) => front.listen(0, "127.0.0.1", done));
    const fooled = await bench.signer({
      keyId: `http://127.0.0.1:${(front.address() as AddressInfo).port}/keys/tourniquet`,
    });
    expect(await refusalOf(fooled.publicKeys())).toMatchObject({ code: "key-vault-unreadable" });
    expect(seen).toEqual([]);
    expect(await signer.verify("plan", await signer.sign("plan"))).toBe(true);
    front.close();
  });
});

async function relay(vault: string, path: string, authorization = ""): Promise<string> {
  return (await fetch(`${vault}${path}`, { headers: { authorization } })).text();
}
