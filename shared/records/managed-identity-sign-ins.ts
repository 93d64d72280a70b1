/** ManagedIdentitySignInLogs: token requests of managed identities, which name no address. */
import type { Normalised } from "./normaliser.ts";
import type { RawRecord } from "./raw-record.ts";
import { readSignIn } from "./sign-in.ts";

export function readManagedIdentitySignIn(raw: RawRecord): Normalised {
  return readSignIn(raw, true);
}
