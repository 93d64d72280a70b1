/** Access tokens of our managed identity. The SDK caches them; `refresh` asks for a new one after Graph refused the old. */
import { ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import { TerminalError } from "../domain/errors.ts";

/** `clientId` names a user-assigned identity; null takes the system-assigned one. */
export function createManagedIdentity(clientId: string | null): TokenCredential {
  return clientId === null ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
}

/** Tokens for one resource (`https://graph.microsoft.com`). Rejects when the platform gives none. */
export function tokensFor(credential: TokenCredential, resource: string) {
  return async ({ refresh }: { readonly refresh: boolean } = { refresh: false }): Promise<string> => {
    // A claims challenge is how the SDK is told to pass its own cache by.
    const claims = refresh ? { claims: JSON.stringify({ access_token: { nbf: { essential: true } } }) } : {};
    const token = await credential.getToken(`${resource}/.default`, claims);
    if (token === null) throw new TerminalError("the managed identity gave no token", { code: "no-token" });
    return token.token;
  };
}
