/** Signs with a key that never leaves its Azure Key Vault; checks here, with the public halves, so that reading a row costs no call. */
import { createHash } from "node:crypto";
import { RetryableError, TerminalError } from "../domain/errors.ts";
import { isSignedWith, keyIdIn, writeSignature } from "../domain/signature.ts";
import type { Logger } from "../ports/logger.ts";
import type { Signer } from "../ports/signer.ts";
import { createKeyVault, type KeyVaultOptions, type KeyVersion } from "./key-vault.ts";
import { VaultKeys } from "./key-vault-keys.ts";

/**
 * Reads the key that signs: one call. Throws TerminalError `bad-signing-key` where it cannot make our signatures, RetryableError
 * where the vault does not answer or does not let us.
 */
export async function createKeyVaultSigner(options: KeyVaultOptions & { readonly logger: Logger }): Promise<Signer> {
  const vault = createKeyVault(options);
  const first = await vault.get(null);
  const why = whyUseless(first);
  if (why !== null) {
    const message = `TOURNIQUET_SIGNING_KEY_ID names a key ${why}; make one with: az keyvault key create --kty EC --curve P-256 --ops sign verify`;
    throw new TerminalError(message, { code: "bad-signing-key" });
  }
  const keys = new VaultKeys(vault, options, first);
  return {
    async sign(payload) {
      const { version, rs } = await vault.sign(createHash("sha256").update(payload, "utf8").digest());
      const { id, key } = await keys.ofVersion(version);
      const signature = writeSignature(id, rs);
      if (isSignedWith(key, payload, signature)) return signature;
      throw new RetryableError("Key Vault answered with a signature that does not hold", { code: "key-vault-wrong" });
    },
    async verify(payload, signature) {
      const id = keyIdIn(signature);
      const key = id === null ? null : await keys.named(id);
      return key !== null && isSignedWith(key, payload, signature);
    },
    async publicKeys() {
      const all = await keys.all();
      return all.map(({ id, key }) => ({ id, jwk: { ...key.export({ format: "jwk" }) } }));
    },
  };
}

function whyUseless({ publicKey, kind, enabled, maySign }: KeyVersion): string | null {
  if (publicKey === null) return `of the kind ${kind}, not EC P-256`;
  if (!maySign) return "whose permitted operations leave out sign";
  return enabled ? null : "that is disabled";
}
