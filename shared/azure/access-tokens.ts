/** Access tokens of our managed identity. The SDK keeps and renews them; nothing makes it, or the platform behind it, renew one early. */
import { ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import { TerminalError } from "../domain/errors.ts";

/** `clientId` names a user-assigned identity; null takes the system-assigned one. */
export function createManagedIdentity(clientId: string | null): TokenCredential {
  return clientId === null ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
}

/** Tokens for one resource (`https://graph.microsoft.com`). Rejects when the platform gives none. */
export function tokensFor(credential: TokenCredential, resource: string) {
  return async (): Promise<string> => {
    const token = await credential.getToken(`${resource}/.default`);
    if (token === null) throw new TerminalError("the managed identity gave no token", { code: "no-token" });
    return token.token;
  };
}
