/** ServicePrincipalSignInLogs: token requests of applications. */
import type { Normalised } from "./normaliser.ts";
import type { RawRecord } from "./raw-record.ts";
import { readSignIn } from "./sign-in.ts";

export function readServicePrincipalSignIn(raw: RawRecord): Normalised {
  return readSignIn(raw, false);
}
