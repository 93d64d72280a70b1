/** A twin's Key Vault with one key in it, and signers of our own that use it as the app's identity. */

import { createTenantTwin, type Twin } from "../../local/tenant/twin.ts";
import { createKeyVaultSigner } from "../../shared/azure/key-vault-signer.ts";
import type { Signer } from "../../shared/ports/signer.ts";
import { FakeClock } from "../support/fake-clock.ts";

export interface VaultBench extends AsyncDisposable {
  readonly twin: Twin;
  readonly keyId: string;
  readonly clock: FakeClock;
  readonly warnings: string[];
  /** another process that starts now */
  signer(options?: {
    readonly keyId?: string;
    readonly audience?: string;
    readonly timeoutMs?: number;
  }): Promise<Signer>;
  /** what the vault was asked since the last look: `GET /keys/tourniquet` */
  asked(): readonly string[];
}

export async function startVaultBench(): Promise<VaultBench> {
  const twin = await createTenantTwin();
  const { keyVault } = twin;
  keyVault.keys.create("tourniquet");
  const keyId = `${keyVault.url}/keys/tourniquet`;
  const clock = new FakeClock(Date.parse("2026-03-01T12:00:00Z"));
  const warnings: string[] = [];
  let seen = 0;
  const silent = () => undefined;
  return {
    twin,
    keyId,
    clock,
    warnings,
    signer: ({ audience = "https://vault.azure.net", timeoutMs = 2_000, ...rest } = {}) =>
      createKeyVaultSigner({
        keyId: rest.keyId ?? keyId,
        getToken: () => tokenFor(twin, audience),
        timeoutMs,
        clock,
        logger: { debug: silent, info: silent, error: silent, warn: (message) => void warnings.push(message) },
      }),
    asked() {
      const fresh = keyVault.requests.slice(seen);
      seen = keyVault.requests.length;
      return fresh.map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f]{32}/g, "{version}")}`);
    },
    [Symbol.asyncDispose]: () => twin.stop(),
  };
}

async function tokenFor({ identityEndpoint, identityHeader }: Twin, audience: string): Promise<string> {
  const url = `${identityEndpoint}?api-version=2019-08-01&resource=${encodeURIComponent(audience)}`;
  const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": identityHeader } });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** What the promise was rejected with. */
export function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "it was not refused",
    (error: unknown) => error,
  );
}
